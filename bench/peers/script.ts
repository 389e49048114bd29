/**
 * What a team writes today to get a day's balances: log in, ask, poll, download, unpack, parse, write JSON.
 * By hand and for one member, with the packages that everybody takes; nothing is verified, kept or sealed,
 * and everything is in memory. unzipper reads ZipCrypto alone of what MKK may send.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from 'axios';
import { parse } from 'csv-parse/sync';
import jsonwebtoken from 'jsonwebtoken';
import unzipper from 'unzipper';
import { header, headersWith, key, login } from './member.ts';

interface Answer {
  response: { responseCode: string };
  refId: string;
  fileNames: string[];
}

const { MKS_BASE_URL = '' } = process.env;
const [processDate = '', output = ''] = process.argv.slice(2);
const ZIP_PASSWORD = 'Bench123';
const POLL_MS = 2000;

const mks = create({ baseURL: MKS_BASE_URL, validateStatus: () => true });

const granted = await mks.post<{ token: string }>('/v1/auth', login());
const headers = headersWith(granted.data.token);

function call(path: string, body: object, responseType: 'text' | 'arraybuffer') {
  const message = { requestHeader: header(), ...body };
  const signed = jsonwebtoken.sign(message, key, { algorithm: 'RS256', noTimestamp: true });
  return mks.post<string & Buffer>(path, signed, { headers, responseType });
}

async function ask(path: string, body: object): Promise<Answer> {
  const { data } = await call(path, body, 'text');
  return jsonwebtoken.decode(data) as unknown as Answer;
}

const { refId } = await ask('/v1/reports/account/balance-report', {
  fileType: 'csv',
  zipPassword: ZIP_PASSWORD,
  processDate,
});
let status = await ask('/v1/reports/async-report-status', { refId });
while (/^RP02[0-3]$/.test(status.response.responseCode)) {
  await sleep(POLL_MS);
  status = await ask('/v1/reports/async-report-status', { refId });
}
const rows: object[] = [];
for (const fileName of status.fileNames) {
  const { data } = await call(
    '/v1/reports/async-report-content',
    { refId, fileName },
    'arraybuffer',
  );
  const archive = await unzipper.Open.buffer(data);
  for (const file of archive.files) {
    const text = await file.buffer(ZIP_PASSWORD);
    // One by one: so many arguments do not fit on the stack.
    const parsed = parse<object>(text, { columns: true, delimiter: ';', bom: true });
    for (const row of parsed) rows.push(row);
  }
}
writeFileSync(output, JSON.stringify(rows));
console.log(`${rows.length} rows`);
