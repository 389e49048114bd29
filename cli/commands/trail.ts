/** `trail`: the access trail: asked of the gateway, proved from its files, written as CSV. */
import { defined } from '../../src/lib/defined.ts';
import type { ShellCommand } from '../command.ts';
import { EXIT } from '../failures.ts';
import { connect } from '../gateway/client.ts';
import { writeJson, writeTable } from '../output/table.ts';
import { say, tell, type Shell } from '../shell.ts';

export function trail(program: ShellCommand): void {
  const command = program.command('trail');
  command.about({ en: 'The access trail: who saw what', tr: 'Erişim izi: kim neyi gördü' });
  addList(command);
  addVerify(command);
  addExport(command);
}

interface ListOptions {
  from?: string;
  to?: string;
  client?: string;
  member?: string;
  action?: string;
  limit?: string;
  cursor?: string;
  json?: true;
}

function addList(parent: ShellCommand): void {
  const command = parent.command('list');
  const times = command.text({ en: 'RFC 3339, with its offset', tr: 'RFC 3339, saat farkıyla' });
  command
    .about(
      { en: 'Asks the gateway who did what', tr: 'Kimin ne yaptığını geçide sorar' },
      { en: 'For keys of auditors.', tr: 'Denetçi anahtarları içindir.' },
    )
    .option('--from <time>', times)
    .option('--to <time>', times)
    .option('--client <name>', command.text({ en: 'of one client', tr: 'tek istemci' }))
    .option('--member <code>', command.text({ en: 'of one member', tr: 'tek üye' }))
    .option('--action <name>', command.text({ en: 'such as rows.read', tr: 'örneğin rows.read' }))
    .option('--limit <n>', command.text({ en: 'how many', tr: 'en çok kaç tane' }))
    .option('--cursor <text>', command.text({ en: 'where to go on', tr: 'nereden sürdürüleceği' }))
    .examples('trail list --member TIB --action rows.read', 'trail list --limit 100 --json')
    .action(() => list(command.shell, command.optsWithGlobals()));
}

async function list(shell: Shell, { json, ...options }: ListOptions): Promise<void> {
  const { from, to, client, member, action, limit, cursor } = options;
  const query = defined({ from, to, client, member, action, limit, cursor });
  const page = await connect(shell).read<{ items: Act[]; nextCursor?: string }>('trail', { query });
  if (json) {
    writeJson(shell, page);
    return;
  }
  const label = (en: string, tr: string): string => say(shell, { en, tr });
  const titles = [
    label('TIME', 'ZAMAN'),
    label('CLIENT', 'İSTEMCİ'),
    label('ACTION', 'EYLEM'),
    label('MEMBER', 'ÜYE'),
    label('DATE', 'GÜN'),
    label('ROWS', 'SATIR'),
    label('END', 'SONUÇ'),
  ];
  const rows = page.items.map((act) => [
    act.time.slice(0, 19).replace('T', ' '),
    act.client,
    act.action,
    act.member,
    act.processDate,
    act.rows,
    act.end,
  ]);
  writeTable(shell, titles, rows);
  if (page.nextCursor !== undefined) {
    tell(shell, `${label('There are more', 'Devamı var')}: --cursor ${page.nextCursor}`);
  }
}

interface Act {
  time: string;
  action: string;
  client?: string;
  member?: string;
  processDate?: string;
  rows?: number;
  end?: string;
}

interface VerifyOptions {
  certificates?: string;
  checkpoints?: string;
  timestampCa?: string;
}

function addVerify(parent: ShellCommand): void {
  const command = parent.command('verify');
  command
    .about(
      { en: 'Proves trail files offline', tr: 'İz dosyalarını çevrimdışı kanıtlar' },
      {
        en: 'Of a folder everything has to be there; of single files what comes before and after them is not asked for. Exit code 0: proved; 1: not.',
        tr: 'Klasör verilirse her şey orada olmalı; tek tek dosyalarda öncesi ve sonrası aranmaz. Çıkış kodu 0: kanıtlandı; 1: kanıtlanamadı.',
      },
    )
    .argument(
      command.text({ en: '<FILE...>', tr: '<DOSYA...>' }),
      command.text({ en: 'files, or a folder', tr: 'dosyalar ya da klasör' }),
    )
    .option(
      '--certificates <file>',
      command.text({
        en: 'PEM: believe checkpoints signed with these alone',
        tr: 'PEM: yalnızca bunlarla imzalanan denetim noktalarına inanılır',
      }),
    )
    .option(
      '--checkpoints <file>',
      command.text({
        en: 'checkpoints kept elsewhere, one compact JWS a line',
        tr: 'başka yerde saklanan denetim noktaları, satır başına bir kompakt JWS',
      }),
    )
    .option(
      '--timestamp-ca <file>',
      command.text({
        en: 'PEM: believe time stamps that these authorities vouch for alone',
        tr: 'PEM: yalnızca bu makamların kefil olduğu zaman damgalarına inanılır',
      }),
    )
    .examples('trail verify /var/lib/mks-gateway/trail --certificates TIB.pem')
    .action(async (files: string[], options: VerifyOptions) => {
      const { verify } = await import('../trail/run.ts');
      command.shell.exitCode = (await verify(files, options)) ? EXIT.done : EXIT.failed;
    });
}

function addExport(parent: ShellCommand): void {
  const command = parent.command('export');
  const times = command.text({
    en: 'RFC 3339, or YYYYMMDD in Istanbul; included',
    tr: 'RFC 3339 ya da İstanbul günü YYYYAAGG; dahil',
  });
  command
    .about({ en: 'Writes trail files as CSV', tr: 'İz dosyalarını CSV olarak yazar' })
    .argument(
      command.text({ en: '[FOLDER]', tr: '[KLASÖR]' }),
      command.text({
        en: 'DATA_DIR/trail unless given',
        tr: 'verilmezse DATA_DIR/trail',
      }),
    )
    .option('--from <time>', times)
    .option('--to <time>', times)
    .examples('trail export /var/lib/mks-gateway/trail --from 20260101 --to 20261231')
    .action(async (folder: string | undefined, options: { from?: string; to?: string }) => {
      const { write } = await import('../trail/run.ts');
      await write(folder, options);
    });
}
