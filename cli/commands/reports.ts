/** `reports`: those of the key's members, newest first. */
import { Option } from 'commander';
import { defined } from '../../src/lib/defined.ts';
import type { ShellCommand } from '../command.ts';
import { connect } from '../gateway/client.ts';
import { STATES, type Report } from '../gateway/reports.ts';
import { addMember } from '../options.ts';
import { writeJson, writeTable } from '../output/table.ts';
import { say, tell, type Shell } from '../shell.ts';

interface Page {
  items: Report[];
  nextCursor?: string;
}

interface ReportsOptions {
  member?: string;
  state?: string;
  limit?: string;
  cursor?: string;
  json?: true;
}

export function reports(program: ShellCommand): void {
  const command = program.command('reports');
  command.about({ en: 'Reports, newest first', tr: 'Raporlar, yeniden eskiye' });
  addMember(command);
  command
    .addOption(
      new Option(
        '--state <state>',
        command.text({ en: 'these alone', tr: 'yalnız bunlar' }),
      ).choices(Object.keys(STATES)),
    )
    .option('--limit <n>', command.text({ en: 'how many', tr: 'en çok kaç tane' }))
    .option('--cursor <text>', command.text({ en: 'where to go on', tr: 'nereden sürdürüleceği' }))
    .examples('reports --member TIB --state failed', 'reports --limit 100 --json')
    .action(() => listReports(command.shell, command.optsWithGlobals()));
}

async function listReports(
  shell: Shell,
  { json, member, state, limit, cursor }: ReportsOptions,
): Promise<void> {
  const query = defined({ member, state, limit, cursor });
  const page = await connect(shell).read<Page>('balances', { query });
  if (json) {
    writeJson(shell, page);
    return;
  }
  const label = (en: string, tr: string): string => say(shell, { en, tr });
  const titles = [
    label('ID', 'KİMLİK'),
    label('MEMBER', 'ÜYE'),
    label('DATE', 'GÜN'),
    label('STATE', 'DURUM'),
    label('ROWS', 'SATIR'),
    label('ASKED', 'İSTENME'),
  ];
  const rows = page.items.map((item) => [
    item.id,
    item.member,
    item.processDate,
    say(shell, STATES[item.state]),
    item.rowCount,
    item.createdAt.slice(0, 19).replace('T', ' '),
  ]);
  writeTable(shell, titles, rows);
  if (page.nextCursor !== undefined) {
    tell(shell, `${label('There are more', 'Devamı var')}: --cursor ${page.nextCursor}`);
  }
}
