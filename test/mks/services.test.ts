/** What each service makes of MKS's verified answers: every code, and successes that lack something. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultCodes } from '../../src/mks/codes.ts';
import { balanceReport, reportContent, reportStatus } from '../../src/mks/services/catalogue.ts';
import type { JsonObject, MksArchive, MksMessage } from '../../src/mks/types.ts';

function answer(code: string, payload: JsonObject = {}): MksMessage {
  return {
    kind: 'message',
    service: '',
    senderReference: 'GW1-0123456789ABCDEF',
    code,
    description: '',
    httpStatus: 200,
    payload,
    payloadText: JSON.stringify(payload),
  };
}

/** kind → the codes that are read as it, of all codes but the successes. */
function kindsOf(read: (message: MksMessage) => { kind: string }): Record<string, string[]> {
  const kinds: Record<string, string[]> = {};
  for (const { code } of resultCodes.filter((entry) => entry.kind !== 'success')) {
    (kinds[read(answer(code)).kind] ??= []).push(code);
  }
  return kinds;
}

test('a balance-report is accepted, busy, used, or refused: MKS knows no fifth answer', () => {
  const { rejected = [], ...others } = kindsOf((message) => balanceReport.read(message));
  assert.deepEqual(others, { busy: ['RP003'], used: ['RP045'] });
  assert.ok(rejected.includes('RP026') && rejected.includes('RP023') && rejected.includes('MF04'));
  assert.equal(balanceReport.read(answer('ZZ999')).kind, 'rejected', 'a code that nobody knows');
});

test('a refId is a text of 1 to 50 characters, or there is none', () => {
  for (const refId of ['R', 'x'.repeat(50)]) {
    const said = balanceReport.read(answer('0000', { refId }));
    assert.equal(said.kind === 'accepted' && said.refId, refId);
  }
  for (const refId of [undefined, null, '', ' ', 'x'.repeat(51), {}, ['R1'], true]) {
    const said = balanceReport.read(answer('0000', { refId }));
    assert.equal(said.kind === 'incomplete' && said.what, 'refId', JSON.stringify(refId));
  }
});

for (const [name, service] of [
  ['status', reportStatus],
  ['content', reportContent],
] as const) {
  test(`${name} is told to wait by the codes of a report on its way, and of no other`, () => {
    const kinds = kindsOf((message) => service.read(message));
    assert.deepEqual(kinds['waiting'], ['RP003', 'RP020', 'RP021', 'RP022', 'RP023']);
    assert.deepEqual(kinds['empty'], ['RP026']);
    assert.deepEqual(kinds['gone'], ['BS040', 'RP018']);
    assert.ok(kinds['rejected']?.includes('RP025'));
    assert.equal(service.read(answer('ZZ999')).kind, 'rejected');
  });
}

function namesOf(fileNames: unknown): string[] | string {
  const said = reportStatus.read(answer('0000', { fileNames }));
  if (said.kind === 'ready') return said.fileNames;
  return said.kind === 'incomplete' ? said.what : said.kind;
}

test('every file name is taken, each once; nothing of the list is cut or dropped', () => {
  const names = Array.from({ length: 1_003 }, (_, n) => `MKK_RP166_${n}.zip`);
  assert.deepEqual(namesOf(names), names);
  assert.deepEqual(namesOf(['a.zip', 'b.zip', 'a.zip']), ['a.zip', 'b.zip']);
  assert.deepEqual(namesOf('a.zip'), ['a.zip']);
});

test('a list with one name that is none is refused whole, and says why', () => {
  for (const spoilt of ['', '  ', 7, null, {}, ['b.zip'], 'x'.repeat(4_097)]) {
    assert.equal(namesOf(['a.zip', spoilt]), 'readable fileNames', JSON.stringify(spoilt));
  }
  for (const none of [undefined, null, []]) assert.equal(namesOf(none), 'fileNames');
  assert.equal(namesOf({ 0: 'a.zip' }), 'readable fileNames');
  assert.equal(namesOf(''), 'readable fileNames');
  const tooMany = Array.from({ length: 10_001 }, (_, n) => `${n}.zip`);
  assert.equal(namesOf(tooMany), 'at most 10000 fileNames');
});

test('a file is content’s success; a success without one lacks it', () => {
  let cancelled = 0;
  const archive: MksArchive = {
    kind: 'archive',
    senderReference: 'GW1-0123456789ABCDEF',
    httpStatus: 200,
    stream: (async function* () {})(),
    cancel: () => void (cancelled += 1),
  };
  const said = reportContent.read(archive);
  assert.equal(said.kind === 'file' && said.archive, archive);
  const bare = reportContent.read(answer('0000'));
  assert.equal(bare.kind === 'incomplete' && bare.what, 'a file');
  assert.equal(cancelled, 0);
  // Where a message was due the connection is let go, and the mistake is ours.
  assert.throws(() => reportStatus.read(archive), TypeError);
  assert.equal(cancelled, 1);
});
