/** What a body is by its shape, and what a message says of itself wherever MKS puts it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beginsLikeMessage,
  overlongField,
  particularsOf,
  shapeOf,
  unverifiedPayload,
} from '../../src/mks/decode.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('the shape of a body, with what is tolerated around a JWS', () => {
  const kind = (text: string) => shapeOf(bytes(text)).kind;
  assert.equal(kind('a.b.c'), 'jws');
  assert.equal(kind('\ufeff a.b.c\n'), 'jws');
  assert.equal(kind('" a.b.c "'), 'jws');
  assert.equal(kind('a..c'), 'jws', 'a detached payload is verified, and fails there');
  assert.equal(kind('{"a":1}'), 'json');
  assert.equal(kind('<html>'), 'markup');
  assert.equal(kind(' \n '), 'empty');
  for (const text of ['[1]', '{"a":', '"text"', 'a.b', 'a.b.c.d', '12']) {
    assert.equal(kind(text), 'other', text);
  }
});

test('the first bytes tell a message from a file', () => {
  for (const text of ['{"a":1}', '  <html>', 'eyJhbGciOi', 'ewogICJh', '"eyJ']) {
    assert.equal(beginsLikeMessage(bytes(text)), true, text);
  }
  for (const text of ['PK\u0003\u0004', 'HESAP;ISIN', 'e', '']) {
    assert.equal(beginsLikeMessage(bytes(text)), false, text);
  }
});

test('the code is found in each of its places, and what is none is told as broken', () => {
  assert.equal(particularsOf({ response: { responseCode: ' 0000 ' } }).code, '0000');
  assert.equal(particularsOf({ responseCode: 'RP003' }).code, 'RP003');
  assert.equal(particularsOf({ error_code: '0x38cf0421' }).code, '0x38cf0421');
  assert.deepEqual(particularsOf({ responseCode: '' }), {});
  for (const responseCode of [0, {}, '9e99999999', 'a b', true, 'A'.repeat(9)]) {
    assert.deepEqual(particularsOf({ responseCode }), { isCodeBroken: true });
  }
});

test('a messageId is a number or its text; anything else is none', () => {
  const idOf = (messageId: unknown) => particularsOf({ responseHeader: { messageId } }).messageId;
  assert.equal(idOf('1234567890123456789012'), '1234567890123456789012');
  assert.equal(idOf(12), '12');
  for (const messageId of [{}, [], '', ' ', null, 'a b', 'x'.repeat(65)]) {
    assert.equal(idOf(messageId), undefined);
  }
});

test('a description reaches a log in one line of bounded length', () => {
  const responseDesc = `bir\r\niki\u001b[31m${'x'.repeat(300)}`;
  const { description = '' } = particularsOf({ responseDesc });
  assert.equal(description.length, 255);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(description, /[\u0000-\u001f]/);
  assert.match(description, /^bir iki/);
});

test('a field beyond what the document comes near to is named', () => {
  assert.equal(overlongField({ refId: 'x'.repeat(100) }), undefined);
  assert.equal(overlongField({ refId: 'x'.repeat(101) }), 'refId');
  assert.equal(overlongField({ response: { responseDesc: 'x'.repeat(2_001) } }), 'responseDesc');
});

test('a payload that nothing vouches for is read, or is empty', () => {
  const jws = `e30.${Buffer.from('{"a":1}').toString('base64url')}.c`;
  assert.deepEqual(unverifiedPayload(jws), { a: 1 });
  for (const broken of ['', 'a', 'a.b.c', `a.${Buffer.from('[1]').toString('base64url')}.c`]) {
    assert.deepEqual(unverifiedPayload(broken), {});
  }
});
