/** The table of result codes is whole and consistent with the services. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { findResultCode, isSystemCode, resultCodes } from '../../src/mks/codes.ts';
import { catalogue, findService } from '../../src/mks/services/catalogue.ts';

const EXPECTED = [
  '0000',
  ...[3, 15, 18, 20, 21, 22, 23, 25, 26, 36, 37, 38, 39, 40, 41, 42, 43, 45, 46, 47, 48, 49].map(
    (number) => `RP${String(number).padStart(3, '0')}`,
  ),
  ...[0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 20, 21, 30, 31, 32, 40, 44, 45].map(
    (number) => `OI${String(number).padStart(3, '0')}`,
  ),
  'BS040',
  'MF04',
  'SP001',
  'XS013',
  'SYS0',
  '0x00d30003',
];

test('every code of the document is there, once', () => {
  assert.deepEqual(
    resultCodes.map(({ code }) => code),
    EXPECTED.toSorted(),
  );
  for (const { code, meaning } of resultCodes) {
    assert.match(meaning.en, /^[A-Z].*[.?]$/, code);
    assert.match(meaning.tr, /^[A-ZÇĞİÖŞÜ].*[.?]$/, code);
  }
});

test('every service is found by its name, but for the login', () => {
  for (const service of catalogue) {
    assert.equal(findService(service.name), service);
  }
  assert.equal(findService('auth'), undefined);
});

function functions(code: string): string[] | undefined {
  return findResultCode(code)?.authorities.map((authority) => authority.function);
}

test('the authorities of RP048 are those of every service, of RP015 those of the content', () => {
  assert.ok(functions('RP048')?.includes('COMMON_CREATE_REPORT'));
  assert.ok(functions('RP048')?.includes('ONLINE_AUTHENTICATE_USER'));
  assert.deepEqual(functions('RP015'), ['ASYNC_REPORT_CONTENT_QUERY']);
  assert.deepEqual(functions('RP026'), []);
});

test('system codes are told from business codes', () => {
  assert.deepEqual(['OI006', 'SP001', 'XS013', 'SYS0'].map(isSystemCode), [true, true, true, true]);
  assert.deepEqual(['0000', 'RP026', 'BS040', 'MF04'].map(isSystemCode), Array(4).fill(false));
});
