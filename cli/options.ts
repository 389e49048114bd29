/** Options that several commands share, and what they mean. */
import { Option } from 'commander';
import type { ShellCommand } from './command.ts';
import { UsageError } from './failures.ts';
import type { Localised } from './language.ts';
import { say, type Shell } from './shell.ts';

/** The filters by their names in the API, which commander makes of the options' names. */
const FILTERS = {
  isin: ['--isin <code>', { en: 'one security', tr: 'tek kıymet' }],
  accNo: ['--acc-no <number>', { en: 'one account', tr: 'tek hesap' }],
  subAccNo: ['--sub-acc-no <code>', { en: 'one sub-account', tr: 'tek alt hesap' }],
  accClass: ['--acc-class <code>', { en: 'class of the account', tr: 'hesap sınıfı' }],
  portfolioCode: ['--portfolio-code <code>', { en: 'portfolio', tr: 'portföy kodu' }],
  secClass: ['--sec-class <code>', { en: 'class of the security', tr: 'kıymet sınıfı' }],
  secType: ['--sec-type <code>', { en: 'type of the security', tr: 'kıymet tipi' }],
} as const satisfies Record<string, readonly [flags: string, about: Localised]>;

export type Filters = Partial<Record<keyof typeof FILTERS, string>>;

export function addFilters(command: ShellCommand): void {
  addMember(command);
  for (const [flags, about] of Object.values(FILTERS)) command.option(flags, command.text(about));
}

export function filtersOf(options: Filters): Filters {
  const names = Object.keys(FILTERS) as (keyof typeof FILTERS)[];
  const given = names.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]]],
  );
  return Object.fromEntries(given) as Filters;
}

export function addMember(command: ShellCommand): void {
  const about = {
    en: 'member code; needed when the key has several',
    tr: 'üye kodu; anahtarın birden çok üyesi varsa gerekli',
  };
  command.option('--member <code>', command.text(about));
}

export function addOutput(command: ShellCommand, formats: readonly string[]): void {
  const format = {
    en: 'json unless given, or what the name of FILE ends in',
    tr: 'verilmezse json ya da DOSYA adının uzantısı',
  };
  const output = {
    en: 'write there, whole or not at all, in place of standard output',
    tr: 'standart çıktı yerine buraya yazar; ya tamamını ya hiçbirini',
  };
  command
    .addOption(new Option('-f, --format <name>', command.text(format)).choices([...formats]))
    .option('-o, --output <file>', command.text(output));
}

const NO_DATE: (text: string) => Localised = (text) => ({
  en: `${text} is no day: YYYYMMDD, YYYY-MM-DD, today or yesterday`,
  tr: `${text} bir gün değil: YYYYAAGG, YYYY-AA-GG, today ya da yesterday (bugün, dün)`,
});

/**
 * A day as the API wants it, `YYYYMMDD`. Days are those of Istanbul.
 *
 * @throws UsageError. Whether the day exists the gateway says.
 */
export function readDate(shell: Shell, text: string): string {
  const back = { today: 0, bugün: 0, yesterday: 1, dün: 1 }[text.normalize('NFC')];
  if (back !== undefined) return istanbulDay(Date.now() - back * 86_400_000);
  const digits = /^(\d{4})(-?)(\d\d)\2(\d\d)$/.exec(text);
  if (digits === null) throw new UsageError(say(shell, NO_DATE(text)));
  return `${digits[1]}${digits[3]}${digits[4]}`;
}

function istanbulDay(instantMs: number): string {
  // Sweden writes days as ISO 8601 does.
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Istanbul' }).format(instantMs);
  return day.replaceAll('-', '');
}

/** Whole numbers from 0 on. @throws UsageError. */
export function readWhole(
  shell: Shell,
  flag: string,
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const mistake = { en: `${flag} must be a whole number`, tr: `${flag} bir tam sayı olmalı` };
  throw new UsageError(say(shell, mistake));
}
