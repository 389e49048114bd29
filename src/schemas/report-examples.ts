/** Examples of reports and rows for the OpenAPI document. */

export const REPORT_ID = '5f0c1f5e-3d1b-4c55-9a53-7f0c8f6b2a10';

export const REQUEST_EXAMPLE = { processDate: '20250505', member: 'TIB' };

const dates = {
  createdAt: '2025-05-06T10:15:00.000+03:00',
  expiresAt: '2025-05-07T10:15:00.000+03:00',
};
const links = {
  self: `/balances/${REPORT_ID}`,
  rows: `/balances/${REPORT_ID}/rows`,
  file: `/balances/${REPORT_ID}/file`,
  events: `/balances/${REPORT_ID}/events`,
};
const base = { id: REPORT_ID, member: 'TIB', processDate: '20250505', filters: {} };

export const QUEUED_EXAMPLE = {
  ...base,
  state: 'queued',
  ...dates,
  updatedAt: '2025-05-06T10:15:00.000+03:00',
  queue: { position: 1 },
  links,
};

export const READY_EXAMPLE = {
  ...base,
  state: 'ready',
  ...dates,
  updatedAt: '2025-05-06T10:15:09.000+03:00',
  readyAt: '2025-05-06T10:15:09.000+03:00',
  refId: 'e7M7RhX2xUzR3uAjsb2s',
  rowCount: 1,
  mks: { code: '0000', description: '', senderReference: 'GW17-4T9ZK2M8QWERTY01' },
  links,
};

export const POSITION_EXAMPLE = {
  mbrAccNo: '1001',
  subAccCode: 'SERB',
  secClassCode: 'HS',
  mic: 'XIST',
  isin: 'TRAGARAN91N1',
  addDefCode: '',
};

export const ROW_EXAMPLE = {
  balanceDate: '20250505',
  mbrId: 'TIB',
  ...POSITION_EXAMPLE,
  balanceAmount: '1250.00',
};

export const ROWS_EXAMPLE = {
  id: REPORT_ID,
  member: 'TIB',
  processDate: '20250505',
  refId: 'e7M7RhX2xUzR3uAjsb2s',
  rows: [ROW_EXAMPLE],
  rowCount: 1,
};
