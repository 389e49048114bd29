/** `hours`: when MKS is open. */
import type { ShellCommand } from '../command.ts';
import { connect } from '../gateway/client.ts';
import { writeJson, writeTable } from '../output/table.ts';
import { say, tell, type Shell } from '../shell.ts';

interface Hours {
  now: string;
  items: {
    group: number;
    services: string[];
    window: string;
    open: boolean;
    opensAt?: string;
    closesAt?: string;
  }[];
}

export function hours(program: ShellCommand): void {
  const command = program.command('hours');
  command
    .about({ en: 'When MKS is open, in Istanbul time', tr: 'MKS çalışma saatleri (İstanbul)' })
    .examples('hours', 'hours --json')
    .action(() => showHours(command.shell, command.optsWithGlobals()));
}

async function showHours(shell: Shell, { json }: { json?: true }): Promise<void> {
  const document = await connect(shell).read<Hours>('service-hours');
  if (json) {
    writeJson(shell, document);
    return;
  }
  const label = (en: string, tr: string): string => say(shell, { en, tr });
  const titles = [
    label('GROUP', 'GRUP'),
    label('WINDOW', 'SAATLER'),
    label('NOW', 'ŞİMDİ'),
    label('OPENS', 'AÇILIŞ'),
    label('CLOSES', 'KAPANIŞ'),
    label('SERVICES', 'SERVİSLER'),
  ];
  const minute = (time: string | undefined): string | undefined =>
    time?.slice(0, 16).replace('T', ' ');
  const rows = document.items.map((item) => [
    item.group,
    item.window,
    item.open ? label('open', 'açık') : label('closed', 'kapalı'),
    minute(item.opensAt),
    minute(item.closesAt),
    item.services.join(' '),
  ]);
  writeTable(shell, titles, rows);
  tell(shell, `${label('Istanbul', 'İstanbul')}: ${minute(document.now)}`);
}
