/** `balances DATE`: asks for the balances of a day, follows the report, and gives its rows. */
import { defined } from '../../src/lib/defined.ts';
import type { ShellCommand } from '../command.ts';
import { connect, type Gateway } from '../gateway/client.ts';
import { chooseFormat, formatOf, ROW_FORMATS, type FormatName } from '../gateway/formats.ts';
import { askForBalances, follow, type Balances } from '../gateway/reports.ts';
import { fetchRows } from '../gateway/rows.ts';
import { addFilters, addOutput, filtersOf, readDate, readWhole, type Filters } from '../options.ts';
import { createProgress } from '../output/progress.ts';
import { withSink } from '../output/sink.ts';
import { writeJson } from '../output/table.ts';
import { say, tell, type Shell } from '../shell.ts';

const FORMAT_NAMES = Object.keys(ROW_FORMATS) as FormatName[];
/** What `Accept` says where it cannot name the format: the rows are asked for by its name then. */
const ANY_ROWS = 'application/json';

interface BalancesOptions extends Filters {
  member?: string;
  refresh?: true;
  /** False with `--no-wait`. */
  wait: boolean | string;
  format?: FormatName;
  output?: string;
}

export function balances(program: ShellCommand): void {
  const command = program.command('balances');
  command
    .about(
      { en: 'The balances of a day', tr: 'Bir günün bakiyeleri' },
      {
        en: 'Asks for them, waits until MKS has made the report, and gives its rows, every digit as MKS wrote it. DATE is YYYYMMDD, today or yesterday, in Istanbul.',
        tr: 'İster, MKS raporu hazırlayana kadar bekler ve satırları MKS’nin yazdığı her basamakla verir. GÜN: YYYYAAGG, bugün ya da dün (İstanbul).',
      },
    )
    .argument(command.text({ en: '<DATE>', tr: '<GÜN>' }));
  addFilters(command);
  addOutput(command, FORMAT_NAMES);
  command
    .option(
      '--refresh',
      command.text({ en: 'always ask MKS anew', tr: 'her durumda MKS’den yeniden ister' }),
    )
    .option(
      '--wait <seconds>',
      command.text({
        en: 'how long to wait; until its end unless given',
        tr: 'en çok kaç saniye bekleneceği; verilmezse sonuna kadar',
      }),
      true,
    )
    .option(
      '--no-wait',
      command.text({
        en: 'ask only, and give the report',
        tr: 'yalnızca ister, raporu verir',
      }),
    )
    .examples(
      'balances 20250505 --member TIB --format csv',
      'balances yesterday --member TIB -o balances.xlsx',
      'balances 20250505 --member TIB --isin TRAGARAN91N1 --format ndjson',
    )
    .action((date: string, options: BalancesOptions) => getBalances(command.shell, date, options));
}

async function getBalances(shell: Shell, date: string, options: BalancesOptions): Promise<void> {
  const { member, refresh, wait, output } = options;
  const format = chooseFormat(shell, FORMAT_NAMES, options);
  const waitSeconds = typeof wait === 'string' ? readWhole(shell, '--wait', wait) : undefined;
  const body = {
    processDate: readDate(shell, date),
    ...defined({ member, refresh }),
    ...filtersOf(options),
  };
  const gateway = connect(shell);
  if (wait === false) return askOnly(shell, gateway, body);
  const progress = createProgress(shell);
  let id: string | undefined;
  try {
    await withSink(shell, output, async (sink) => {
      const asked = await askForBalances(gateway, body, formatOf(format).type ?? ANY_ROWS);
      id = asked.id;
      if (asked.rows === undefined) {
        await follow(shell, gateway, id, { progress, waitMs: inMs(waitSeconds) });
      }
      const isNamed = formatOf(format).type !== undefined;
      if (!isNamed) await asked.rows?.body?.cancel();
      const first = isNamed ? asked.rows : undefined;
      await fetchRows(shell, gateway, { id, format, sink, progress, first });
    });
  } catch (error) {
    progress.clear();
    if (shell.signal.aborted && id !== undefined) tellThatItGoesOn(shell, id);
    throw error;
  }
}

async function askOnly(shell: Shell, gateway: Gateway, body: Balances): Promise<void> {
  const { id, rows } = await askForBalances(gateway, body, ANY_ROWS);
  await rows?.body?.cancel();
  writeJson(shell, await gateway.read(`balances/${id}`));
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function tellThatItGoesOn(shell: Shell, id: string): void {
  const text = {
    en: `Stopped waiting; the report is still there: report ${id}, cancel ${id}`,
    tr: `Bekleme bırakıldı; rapor duruyor: report ${id}, cancel ${id}`,
  };
  tell(shell, say(shell, text));
}
