/** `cancel ID`: takes a wish back while its report is still queued. */
import type { ShellCommand } from '../command.ts';
import { connect } from '../gateway/client.ts';
import { say, tell } from '../shell.ts';

export function cancel(program: ShellCommand): void {
  const command = program.command('cancel');
  command
    .about(
      { en: 'Takes a request back while it is queued', tr: 'Sıradaki isteği geri alır' },
      {
        en: 'Others who asked for the same report still get it. What MKS makes already cannot be taken back.',
        tr: 'Aynı raporu isteyen başkaları onu yine alır. MKS’nin hazırlamaya başladığı geri alınamaz.',
      },
    )
    .argument(command.text({ en: '<ID>', tr: '<KİMLİK>' }))
    .examples('cancel ab9716ba-5d0e-4d2c-b0a5-e1aaf0b8c6f1')
    .action(async (id: string) => {
      const { shell } = command;
      await connect(shell).ask(`balances/${encodeURIComponent(id)}`, { method: 'DELETE' });
      tell(shell, say(shell, { en: 'Taken back.', tr: 'Geri alındı.' }));
    });
}
