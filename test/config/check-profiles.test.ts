/** The profiles file: what is taken, and every mistake of it at once, each at its place. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { readCheckProfiles } from '../../src/config/check-profiles.ts';
import { createFindings } from '../../src/config/findings.ts';
import { createFolder } from './support.ts';

function read(t: TestContext, content: unknown) {
  const findings = createFindings();
  const file = createFolder(t).write('profiles.json', JSON.stringify(content));
  const profiles = readCheckProfiles(file, findings.variable('CHECK_PROFILES_FILE'));
  const mistakes = findings.mistakes.map(({ en }) => en.replace('CHECK_PROFILES_FILE: ', ''));
  return { profiles, mistakes };
}

const FULL = {
  name: 'erp',
  columns: { mbrAccNo: 'Müşteri No', balanceAmount: 'NET' },
  accountLength: 12,
  aliases: { isin: { GARAN: 'TRAGARAN91N1' }, subAccCode: { SERBEST: 'SERB' } },
  ignore: ['MIC'],
};

test('a profile is taken as it stands, and all but its name may be left out', (t) => {
  const { profiles, mistakes } = read(t, { profiles: [FULL, { name: 'plain' }] });
  assert.deepEqual(mistakes, []);
  assert.deepEqual(profiles, [
    FULL,
    { name: 'plain', columns: {}, aliases: { isin: {}, subAccCode: {} }, ignore: [] },
  ]);
});

test('every mistake of the shape is told at once, where it stands', (t) => {
  const { mistakes } = read(t, {
    profiles: [
      { ...FULL, name: 'a b', accountLength: 16, columns: { mbrId: 'UYE', isin: ' ' } },
      { name: 'x', aliases: { isin: { A: 'short' }, subAccCode: { B: 'serb' } }, colour: 'red' },
      { name: 'y', ignore: [''] },
    ],
  });
  const all = mistakes.join('\n');
  for (const expected of [
    /^profiles\[0\]\.name: must be 1 to 64 letters/m,
    /^profiles\[0\]\.accountLength: must be a whole number from 1 to 15/m,
    /^profiles\[0\]\.columns\.mbrId: is not a known field/m,
    /^profiles\[0\]\.columns\.isin: must be the name of a column/m,
    /^profiles\[1\]\.aliases\.isin\.A: must be an ISIN/m,
    /^profiles\[1\]\.aliases\.subAccCode\.B: must be a sub-account of 4 letters/m,
    /^profiles\[1\]\.colour: is not a known field/m,
    /^profiles\[2\]\.ignore\[0\]: must be the name of a column/m,
  ]) {
    assert.match(all, expected);
  }
});

test('no name is two profiles’, and no column two things', (t) => {
  const { mistakes } = read(t, {
    profiles: [
      FULL,
      { name: 'erp', columns: { mbrAccNo: 'Hesap No', isin: 'HESAP-NO' }, ignore: ['hesâp no'] },
    ],
  });
  assert.deepEqual(mistakes, [
    "profiles[1].name: is another profile's too",
    'profiles[1].columns.isin: names a column that is named before',
    'profiles[1].ignore[0]: names a column that is named before',
  ]);
});
