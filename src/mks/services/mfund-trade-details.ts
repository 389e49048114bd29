/** Details of mutual fund trades (MKS 9.2); nothing is known of it but one sample call. */
import { Type } from 'typebox';
import { ProcessDate, type Service } from './service.ts';

export const mfundTradeDetails: Service = {
  name: 'yf/getMfundTradeDetails',
  path: '/v1/yf/getMfundTradeDetails',
  // A query, so it is taken for one of the services that leave balances as they are.
  hoursGroup: 1,
  request: Type.Object(
    {
      issuerMemberCode: Type.String({ minLength: 1, maxLength: 255, examples: ['TRISP'] }),
      processDate: ProcessDate,
      opStat: Type.String({ minLength: 1, maxLength: 255, examples: ['KO'] }),
    },
    { additionalProperties: false },
  ),
  givesFile: false,
  waitCodes: [],
  emptyCodes: [],
  goneCodes: [],
  authorities: [],
  summary: { en: 'Ask for mutual fund trades', tr: 'Yatırım fonu işlemlerini sor' },
};
