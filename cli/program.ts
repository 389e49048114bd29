/** All commands, put together. */
import { readFileSync } from 'node:fs';
import { ShellCommand } from './command.ts';
import { apiKey } from './commands/api-key.ts';
import { balances } from './commands/balances.ts';
import { cancel } from './commands/cancel.ts';
import { certificate } from './commands/certificate.ts';
import { changes } from './commands/changes.ts';
import { check } from './commands/check.ts';
import { completion } from './commands/completion.ts';
import { doctor } from './commands/doctor.ts';
import { evidence } from './commands/evidence.ts';
import { hours } from './commands/hours.ts';
import { members } from './commands/members.ts';
import { orders } from './commands/orders.ts';
import { report } from './commands/report.ts';
import { reports } from './commands/reports.ts';
import { sealingKey } from './commands/sealing-key.ts';
import { trail } from './commands/trail.ts';
import type { Shell } from './shell.ts';

const COMMANDS = [
  balances,
  report,
  reports,
  cancel,
  changes,
  check,
  members,
  hours,
  orders,
  trail,
  evidence,
  doctor,
  certificate,
  apiKey,
  sealingKey,
  completion,
];

export function createProgram(shell: Shell): ShellCommand {
  const program = new ShellCommand(shell, 'mks-gateway');
  program
    .about({
      en: 'Balances of MKS by way of a running gateway, and the tools of those who run one',
      tr: 'Çalışan bir geçit üzerinden MKS bakiyeleri ve geçidi işletenlerin araçları',
    })
    .option(
      '--json',
      program.text({
        en: 'for programs: failures, and what is a table for people, as JSON',
        tr: 'programlar için: hatalar ve insanlara tablo olarak gösterilenler JSON olur',
      }),
    )
    .version(
      versionOf(),
      '-V, --version',
      program.text({ en: 'shows the version', tr: 'sürümü gösterir' }),
    );
  for (const add of COMMANDS) add(program);
  return program;
}

function versionOf(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
