/** `check LEDGER --date D`: a ledger of ours against the ready report of a day. */
import { basename } from 'node:path';
import type { ShellCommand } from '../command.ts';
import { EXIT } from '../failures.ts';
import { connect, type Gateway } from '../gateway/client.ts';
import { chooseFormat, DIFFERENCE_FORMATS, formatOf } from '../gateway/formats.ts';
import { openLedger } from '../gateway/ledger.ts';
import { addFilters, addOutput, filtersOf, readDate, type Filters } from '../options.ts';
import { download } from '../output/download.ts';
import { createProgress } from '../output/progress.ts';
import { withSink } from '../output/sink.ts';
import { say, tell, type Shell } from '../shell.ts';

interface CheckOptions extends Filters {
  date: string;
  name?: string;
  tolerance?: string;
  profile?: string;
  dryRun?: string;
  member?: string;
  format?: (typeof DIFFERENCE_FORMATS)[number];
  output?: string;
}

interface Counts {
  onlyInLedger: number;
  onlyAtMks: number;
  different: number;
}

export function check(program: ShellCommand): void {
  const command = program.command('check');
  command
    .about(
      { en: 'A ledger against the balances of a day', tr: 'Bir defter ile bir günün bakiyeleri' },
      {
        en: 'LEDGER is CSV with a header (mbrAccNo, subAccCode, isin, balanceAmount, or HESAP, ALT_HESAP, ISIN, BAKIYE); - reads standard input. The zip that MKS gives is a ledger too; its password is asked for, or comes from MKS_LEDGER_PASSWORD. It compares with the ready report and asks MKS for nothing. Exit code 0: all agrees; 3: there are breaks.',
        tr: 'DEFTER başlıklı bir CSV’dir (HESAP, ALT_HESAP, ISIN, BAKIYE ya da mbrAccNo, subAccCode, isin, balanceAmount); - standart girdiyi okur. MKS’nin verdiği zip de bir defterdir; parolası sorulur ya da MKS_LEDGER_PASSWORD ile verilir. Hazır raporla karşılaştırır, MKS’den bir şey istemez. Çıkış kodu 0: hepsi tutuyor; 3: uyuşmazlık var.',
      },
    )
    .argument(command.text({ en: '<LEDGER>', tr: '<DEFTER>' }))
    .requiredOption('--date <day>', command.text({ en: 'the day', tr: 'gün' }))
    .option(
      '--name <name>',
      command.text({
        en: "the ledger's name at the gateway; that of the file unless given",
        tr: 'defterin geçitteki adı; verilmezse dosyanınki',
      }),
    )
    .option(
      '--tolerance <amount>',
      command.text({
        en: 'smaller differences count as matched',
        tr: 'daha küçük farklar uyumlu sayılır',
      }),
    )
    .option(
      '--profile <name>',
      command.text({
        en: 'how the ledger is read, by the profiles of the gateway',
        tr: 'defterin nasıl okunacağı, geçidin profillerine göre',
      }),
    )
    .option(
      '--dry-run <n>',
      command.text({
        en: 'compare nothing, and show how so many first lines are read',
        tr: 'karşılaştırmaz, ilk satırların nasıl okunduğunu gösterir',
      }),
    );
  addFilters(command);
  addOutput(command, DIFFERENCE_FORMATS);
  command
    .examples(
      'check ledger.csv --date 20250505 --member TIB',
      'check - --name back-office --date yesterday --format csv < ledger.csv',
    )
    .action((file: string, options: CheckOptions) => checkLedger(command.shell, file, options));
}

async function checkLedger(shell: Shell, file: string, options: CheckOptions): Promise<void> {
  const format = chooseFormat(shell, DIFFERENCE_FORMATS, options);
  const { member, tolerance, profile, dryRun } = options;
  const processDate = readDate(shell, options.date);
  const ledger = options.name ?? nameOf(file);
  const asked = { tolerance, profile, dryRun };
  const query = { processDate, ledger, member, ...asked, ...filtersOf(options), format };
  const gateway = connect(shell);
  // Before anything is begun: it may have to be asked for a password.
  const { headers, body } = await openLedger(shell, file);
  const progress = createProgress(shell);
  let found: number | undefined;
  let kept: string | undefined;
  const send = async (): Promise<Response> => {
    const response = await gateway.ask('balances/check', { method: 'POST', query, headers, body });
    kept = response.headers.get('location')?.slice(1);
    return response;
  };
  await withSink(shell, options.output, (sink) =>
    download(
      shell,
      {
        sink,
        progress,
        isAct: true,
        lines: formatOf(format).lines,
        seeRows: (rows) => void (found = rows),
        seeTail: (tail) => void (found ??= format === 'json' ? breaksIn(tail) : undefined),
      },
      undefined,
      send,
    ),
  ).finally(() => progress.clear());
  found ??= await breaksOf(gateway, kept);
  if (found === undefined || found === 0) return;
  shell.exitCode = EXIT.breaks;
  tell(shell, say(shell, { en: `${found} breaks`, tr: `${found} uyuşmazlık` }));
}

/** A name as the gateway takes it, made from that of the file. */
function nameOf(file: string): string {
  const name = basename(file).replace(/\.[^.]*$/, '');
  return name.replaceAll(/[^\w.-]/g, '-').slice(0, 64) || 'ledger';
}

/** The counts stand at the end of the document. */
function breaksIn(tail: Buffer): number | undefined {
  const counts = /"counts":(\{[^{}]*\})\s*\}\s*$/.exec(tail.toString())?.[1];
  return counts === undefined ? undefined : sumOf(JSON.parse(counts) as Counts);
}

/** @param kept where the record of the check is, if one is kept. */
async function breaksOf(gateway: Gateway, kept: string | undefined): Promise<number | undefined> {
  if (kept === undefined) return undefined;
  return sumOf((await gateway.read<{ counts: Counts }>(kept)).counts);
}

function sumOf({ onlyInLedger, onlyAtMks, different }: Counts): number {
  return onlyInLedger + onlyAtMks + different;
}
