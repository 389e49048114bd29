/** Asks MKS to make a report of balances by account (MKS 5.1): RP013 for today, RP166 for the past. */
import { Type } from 'typebox';
import { textAt } from '../json.ts';
import {
  kindOf,
  messageOf,
  ProcessDate,
  type Incomplete,
  type Said,
  type Service,
} from './service.ts';

/** MKS 5.1.5, where 50 is the most; what is longer is no refId. */
const REF_ID_MAX_LENGTH = 50;

/** The only ones of their kinds among this service's codes (MKS 5.1.7). */
const BUSY = 'RP003';
const REFERENCE_USED = 'RP045';

const shortCode = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Z0-9]{1,9}$', description }));

/**
 * `busy`: another report is being made (RP003); `used`: the reference was sent before (RP045). All
 * other codes say that the message was not processed (MKS 5.1.1), RP026 and RP023 too.
 */
export type BalanceReportAnswer =
  (Said<'accepted'> & { refId: string }) | Said<'busy' | 'used' | 'rejected'> | Incomplete;

export const balanceReport: Service<BalanceReportAnswer> = {
  name: 'reports/account/balance-report',
  hoursGroup: 1,
  request: Type.Object(
    {
      processDate: ProcessDate,
      fileType: Type.Union([Type.Literal('json'), Type.Literal('csv')]),
      // MKS does not say whether it is required; without it the file could never be opened.
      zipPassword: Type.String({
        minLength: 8,
        maxLength: 50,
        pattern: '^(?=.*[A-Z])(?=.*\\d).+$',
        description: 'Opens the report file: at least 8 characters, a capital letter and a digit',
      }),
      subAccNo: Type.Optional(
        Type.String({ pattern: '^[A-Z]{4}$', description: 'Sub-account', examples: ['SERB'] }),
      ),
      isin: Type.Optional(
        Type.String({
          pattern: '^[A-Z0-9]{12}$',
          description: 'ISIN',
          examples: ['TRAGARAN91N1'],
        }),
      ),
      secClass: shortCode('Class of the security'),
      secType: shortCode('Type of the security'),
      accClass: shortCode('Class of the account'),
      portfolioCode: shortCode('Portfolio'),
      accNo: Type.Optional(
        Type.String({ pattern: '^[A-Z0-9]{1,15}$', description: 'Account', examples: ['1'] }),
      ),
    },
    { additionalProperties: false },
  ),
  givesFile: false,
  ownField: 'refId',
  authorities: [
    { function: 'RP013', messageType: 'REPORTS' },
    { function: 'RP166', messageType: 'REPORTS' },
    { function: 'COMMON_CREATE_REPORT', messageType: 'TH' },
  ],
  summary: {
    en: 'Start a report of balances by account',
    tr: 'Hesap bazında bakiye raporu başlat',
  },
  read(answer) {
    const message = messageOf(answer);
    switch (kindOf(message)) {
      case 'success': {
        const refId = textAt(message.payload, 'refId', REF_ID_MAX_LENGTH);
        if (refId === undefined) return { kind: 'incomplete', message, what: 'refId' };
        return { kind: 'accepted', message, refId };
      }
      case 'wait':
        return { kind: message.code === BUSY ? 'busy' : 'rejected', message };
      case 'used':
        return { kind: message.code === REFERENCE_USED ? 'used' : 'rejected', message };
      default:
        return { kind: 'rejected', message };
    }
  },
};
