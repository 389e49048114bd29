/**
 * Writes the tables of docs/en/errors.md and docs/tr/errors.md anew from the catalogues of problems and result codes,
 * between the marks that stand there. test/scripts/errors.test.ts fails when a page is not that.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Language } from '../src/lib/localised.ts';
import { resultCodes } from '../src/mks/codes.ts';
import { factWord, PROBLEM_SLUGS, problemStatus, problemText } from '../src/problems.ts';
import { FACT_WORDS } from '../src/problems/problem.ts';
import { deedOf, DEEDS } from './errors/desk.ts';

const root = new URL('../', import.meta.url);
export const LANGUAGES = ['en', 'tr'] as const;

const HEADS = {
  en: {
    problems: ['type', 'HTTP', 'who mends it', 'again?', 'sent to MKS?'],
    codes: ['code', 'meaning', 'who mends it', 'the report …'],
  },
  tr: {
    problems: ['tür', 'HTTP', 'kim düzeltir', 'yeniden?', 'MKS’ye gitti mi?'],
    codes: ['kod', 'anlamı', 'kim düzeltir', 'rapor …'],
  },
} as const;

/** The page of a language. */
export function pageOf(language: Language): URL {
  return new URL(`docs/${language}/errors.md`, root);
}

function problems(language: Language): string {
  const rows = PROBLEM_SLUGS.map((slug) => [
    `[\`${slug}\`](#${slug})`,
    String(problemStatus(slug)),
    ...(['mends', 'again', 'sent'] as const).map((fact) => factWord(slug, fact, language)),
  ]);
  const texts = PROBLEM_SLUGS.map((slug) => {
    const { title, meaning, remedy } = problemText(slug, language);
    return `### ${slug}\n\n**${title}.** ${meaning} ${remedy}`;
  });
  return [table(HEADS[language].problems, rows), ...texts].join('\n\n');
}

function codes(language: Language): string {
  const rows = resultCodes.map((entry) => [
    `\`${entry.code}\``,
    entry.meaning[language],
    FACT_WORDS.mends[entry.mends][language],
    DEEDS[deedOf(entry)][language],
  ]);
  return table(HEADS[language].codes, rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '-'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * A page with its tables as the catalogues have them now.
 * @throws Error if a mark is missing.
 */
export async function presentPage(language: Language): Promise<string> {
  const parts = { problems, codes };
  let page = readFileSync(pageOf(language), 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const marked = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
    if (!marked.test(page)) throw new Error(`docs/${language}/errors.md: no mark ${name}`);
    page = page.replace(
      marked,
      (_, open: string, end: string) => `${open}\n\n${part(language)}\n\n${end}`,
    );
  }
  const settings = await resolveConfig(fileURLToPath(pageOf(language)));
  return format(page, { ...settings, parser: 'markdown' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const language of LANGUAGES) writeFileSync(pageOf(language), await presentPage(language));
}
