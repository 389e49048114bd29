/** Details of mutual fund trades (MKS 9.2); nothing is known of it but one sample call. */
import { Type } from 'typebox';
import { messageOf, ProcessDate, type Service } from './service.ts';
import type { MksMessage } from '../message.ts';

export const mfundTradeDetails: Service<MksMessage> = {
  name: 'yf/getMfundTradeDetails',
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
  ownField: 'mfundTradeDetails',
  authorities: [],
  summary: { en: 'Ask for mutual fund trades', tr: 'Yatırım fonu işlemlerini sor' },
  // Nothing is known of what it may say, so nothing is read into it.
  read: messageOf,
};
