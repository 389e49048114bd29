/** The runbook: every alert leads to its part of it, in both languages, and each part says all that is needed at night. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { blocksOf } from './page.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Alert {
  alert: string;
  labels: { severity: 'critical' | 'warning' };
  annotations: { runbook: string };
}
const { groups } = parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

/** By language: the parts by severity, and what each alert's part says, in order. */
const PAGES = {
  en: {
    critical: 'Alerts that wake somebody',
    warning: 'Alerts that can wait for the morning',
    says: ['Means', 'Affected', 'Look first', 'Do', 'Do not', 'MKK'],
  },
  tr: {
    critical: 'Uyandıran alarmlar',
    warning: 'Sabahı bekleyebilen alarmlar',
    says: ['Anlamı', 'Kimi etkiler', 'Önce bakın', 'Yapın', 'Yapmayın', 'MKK'],
  },
};

/** Title → what stands under it, of the headings of this depth. */
function partsOf(text: string, depth: number): Map<string, string> {
  const parts = text.split(new RegExp(`^${'#'.repeat(depth)} `, 'm')).slice(1);
  return new Map(parts.map((part) => [part.split('\n', 1)[0] ?? '', part]));
}

for (const [language, { says, ...titles }] of Object.entries(PAGES)) {
  const page = `docs/${language}/operating.md`;
  const sections = partsOf(read(page), 2);

  test(`${page}: every alert has its part, under its severity, and no part is of another alert`, () => {
    for (const severity of ['critical', 'warning'] as const) {
      const named = alerts.filter(({ labels }) => labels.severity === severity);
      const found = [...partsOf(sections.get(titles[severity]) ?? '', 3).keys()];
      assert.deepEqual(found.toSorted(), named.map(({ alert }) => alert).toSorted(), severity);
    }
  });

  test(`${page}: each part says what it means, whom it hits, where to look, what to do and not, and when to call MKK`, () => {
    const parts = Object.values(titles).flatMap((title) => [
      ...partsOf(sections.get(title) ?? '', 3),
    ]);
    assert.equal(parts.length, alerts.length);
    for (const [alert, part] of parts) {
      const labels = [...part.matchAll(/^- \*\*(.+?)\*\*: ?(.*)$/gm)];
      assert.deepEqual(
        labels.map(([, label]) => label),
        says,
        alert,
      );
      for (const [, label, text = ''] of labels) {
        assert.ok(text !== '' || label === says[2], `${alert}: ${label} says nothing`);
      }
      assert.ok(
        blocksOf(part).some(({ info }) => info === 'sh'),
        `${alert}: no command`,
      );
    }
  });
}

test('every alert leads to its part', () => {
  assert.ok(alerts.length >= 20);
  for (const { alert, annotations } of alerts) {
    assert.equal(annotations.runbook, `docs/en/operating.md#${alert.toLowerCase()}`);
  }
});
