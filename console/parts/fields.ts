/** What fields and filters are called by people, and at MKS. */
import type { Filters, RowField } from '../lib/documents.ts';
import type { Localised } from '../lib/language.ts';

export const FIELD_TEXTS: Record<RowField, Localised & { mks: string }> = {
  balanceDate: { en: 'Date', tr: 'Tarih', mks: 'BAKIYE_TARIHI' },
  mbrId: { en: 'Member', tr: 'Üye', mks: 'UYE' },
  mbrAccNo: { en: 'Account', tr: 'Hesap', mks: 'HESAP' },
  subAccCode: { en: 'Sub-account', tr: 'Alt hesap', mks: 'ALT_HESAP' },
  secClassCode: { en: 'Class', tr: 'Kıymet sınıfı', mks: 'KIYMET_SINIFI' },
  mic: { en: 'Market', tr: 'Piyasa', mks: 'MIC' },
  isin: { en: 'ISIN', tr: 'ISIN', mks: 'ISIN' },
  addDefCode: { en: 'Additional', tr: 'Ek tanım', mks: 'EK_TANIM' },
  balanceAmount: { en: 'Balance', tr: 'Bakiye', mks: 'BAKIYE' },
};

interface FilterField extends Localised {
  /** As the gateway takes it. */
  pattern: string;
  example: string;
}

export const FILTER_FIELDS: Record<keyof Filters, FilterField> = {
  accNo: { en: 'Account', tr: 'Hesap', pattern: '[A-Z0-9]{1,15}', example: '1001' },
  subAccNo: { en: 'Sub-account', tr: 'Alt hesap', pattern: '[A-Z]{4}', example: 'SERB' },
  isin: { en: 'ISIN', tr: 'ISIN', pattern: '[A-Z0-9]{12}', example: 'TRAGARAN91N1' },
  secClass: { en: 'Security class', tr: 'Kıymet sınıfı', pattern: '[A-Z0-9]{1,9}', example: 'HS' },
  secType: { en: 'Security type', tr: 'Kıymet tipi', pattern: '[A-Z0-9]{1,9}', example: '' },
  accClass: { en: 'Account class', tr: 'Hesap sınıfı', pattern: '[A-Z0-9]{1,9}', example: '' },
  portfolioCode: { en: 'Portfolio', tr: 'Portföy', pattern: '[A-Z0-9]{1,9}', example: '' },
};
