/** The page of a problem type: what it means and what to do, for people. No script, no outside link. */
import type { Language } from '../lib/localised.ts';
import { factWord, problemStatus, problemText, type ProblemSlug } from '../problems.ts';

const LABELS = {
  en: {
    status: 'HTTP status',
    remedy: 'What to do',
    mends: 'Who mends it',
    again: 'Worth trying again',
    sent: 'Sent to MKS',
    other: 'Türkçe',
  },
  tr: {
    status: 'HTTP durumu',
    remedy: 'Ne yapmalı',
    mends: 'Kim düzeltir',
    again: 'Yeniden denemeye değer mi',
    sent: 'MKS’ye gitti mi',
    other: 'English',
  },
} as const;

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;' +
  'color:#1b2430;background:#fff}code{background:#eef1f5;padding:.1em .3em;border-radius:3px}' +
  '@media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181e}code{background:#262c36}a{color:#8ab4f8}}';

/** The HTML page of one problem in one language. */
export function problemPage(slug: ProblemSlug, language: Language): string {
  const text = problemText(slug, language);
  const labels = LABELS[language];
  const facts = (['mends', 'again', 'sent'] as const)
    .map((fact) => `<li>${labels[fact]}: ${withCode(factWord(slug, fact, language))}</li>`)
    .join('\n');
  const otherLanguage = language === 'en' ? 'tr' : 'en';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(text.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(text.title)}</h1>
<p><code>${slug}</code> · ${labels.status} ${problemStatus(slug)}</p>
<p>${withCode(text.meaning)}</p>
<h2>${labels.remedy}</h2>
<p>${withCode(text.remedy)}</p>
<ul>
${facts}
</ul>
<p><a href="?lang=${otherLanguage}" hreflang="${otherLanguage}">${labels.other}</a></p>
</main>
</body>
</html>
`;
}

/** SHA-256-able text of the only style element, for the page's Content-Security-Policy. */
export const PROBLEM_PAGE_STYLE = STYLE;

function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
