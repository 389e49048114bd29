/** `orders`: the standing orders, each with its next run and what became of its last days. */
import type { ShellCommand } from '../command.ts';
import { CommandError } from '../failures.ts';
import { connect, RefusedError } from '../gateway/client.ts';
import { writeJson, writeTable } from '../output/table.ts';
import { say, type Shell } from '../shell.ts';

interface Order {
  name: string;
  member: string;
  nextRunAt?: string;
  dates?: { processDate: string; state: string }[];
}

const NONE = {
  en: 'This gateway has no standing orders: it is older than they are, or none is named so.',
  tr: 'Bu geçitte sürekli talimat yok: sürümü eski ya da bu adda bir talimat yok.',
};

export function orders(program: ShellCommand): void {
  const command = program.command('orders');
  command
    .about({ en: 'Standing orders and their last days', tr: 'Sürekli talimatlar ve son günleri' })
    .argument(command.text({ en: '[NAME]', tr: '[AD]' }))
    .examples('orders', 'orders nightly --json')
    .action((name: string | undefined) =>
      listOrders(command.shell, name, command.optsWithGlobals()),
    );
}

async function listOrders(
  shell: Shell,
  name: string | undefined,
  { json }: { json?: true },
): Promise<void> {
  const path =
    name === undefined ? 'standing-orders' : `standing-orders/${encodeURIComponent(name)}`;
  const document = await connect(shell)
    .read<{ items?: Order[] } & Partial<Order>>(path)
    .catch((error: unknown) => {
      if (!(error instanceof RefusedError) || error.status !== 404) throw error;
      const { problem } = error;
      throw new CommandError(say(shell, NONE), { cause: error, ...(problem && { problem }) });
    });
  if (json) {
    writeJson(shell, document);
    return;
  }
  const label = (en: string, tr: string): string => say(shell, { en, tr });
  const titles = [
    label('ORDER', 'TALİMAT'),
    label('MEMBER', 'ÜYE'),
    label('NEXT RUN', 'SONRAKİ'),
    label('DAYS', 'GÜNLER'),
  ];
  const items = document.items ?? [document];
  const rows = items.map(({ name: order, member, nextRunAt, dates = [] }) => [
    order,
    member,
    nextRunAt?.slice(0, 16).replace('T', ' '),
    dates.map(({ processDate, state }) => `${processDate} ${state}`).join(', '),
  ]);
  writeTable(shell, titles, rows);
}
