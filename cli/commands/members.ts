/** `members`: the token, certificate, password and queue of each. */
import type { ShellCommand } from '../command.ts';
import { connect } from '../gateway/client.ts';
import { writeJson, writeTable } from '../output/table.ts';
import { say, tell, type Shell } from '../shell.ts';

interface Member {
  member: string;
  paused: boolean;
  canSign: boolean;
  token?: { expiresAt?: string; reason?: string };
  certificate?: { daysLeft?: number };
  password?: { daysLeft?: number };
  queue: { length: number; preparing: number };
}

export function members(program: ShellCommand): void {
  const command = program.command('members');
  command
    .about({
      en: 'Members: token, certificate, password, queue',
      tr: 'Üyeler: token, sertifika, şifre, sıra',
    })
    .examples('members', 'members --json')
    .action(() => listMembers(command.shell, command.optsWithGlobals()));
}

async function listMembers(shell: Shell, { json }: { json?: true }): Promise<void> {
  const document = await connect(shell).read<{ items: Member[] }>('members');
  if (json) {
    writeJson(shell, document);
    return;
  }
  const label = (en: string, tr: string): string => say(shell, { en, tr });
  const titles = [
    label('MEMBER', 'ÜYE'),
    label('STATE', 'DURUM'),
    label('TOKEN UNTIL', 'TOKEN SONU'),
    label('CERTIFICATE', 'SERTİFİKA'),
    label('PASSWORD', 'ŞİFRE'),
    label('QUEUED', 'SIRADA'),
    label('PREPARING', 'HAZIRLANAN'),
  ];
  const days = (left: number | undefined): string =>
    left === undefined ? '' : label(`${left} days`, `${left} gün`);
  const state = ({ canSign, paused }: Member): string => {
    if (!canSign) return label('cannot sign', 'imzalayamıyor');
    return paused ? label('paused', 'duraklatıldı') : label('active', 'etkin');
  };
  const rows = document.items.map((item) => [
    item.member,
    state(item),
    item.token?.expiresAt?.slice(0, 19).replace('T', ' '),
    days(item.certificate?.daysLeft),
    days(item.password?.daysLeft),
    item.queue.length,
    item.queue.preparing,
  ]);
  writeTable(shell, titles, rows);
  for (const { member, token } of document.items) {
    if (token?.reason !== undefined) tell(shell, `${member}: ${token.reason}`);
  }
}
