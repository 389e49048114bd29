/** `changes A B`: what differs between the ready reports of two days. */
import type { ShellCommand } from '../command.ts';
import { connect } from '../gateway/client.ts';
import { chooseFormat, DIFFERENCE_FORMATS, formatOf } from '../gateway/formats.ts';
import { addFilters, addOutput, filtersOf, readDate, type Filters } from '../options.ts';
import { download } from '../output/download.ts';
import { createProgress } from '../output/progress.ts';
import { withSink } from '../output/sink.ts';
import type { Shell } from '../shell.ts';

interface ChangesOptions extends Filters {
  member?: string;
  format?: (typeof DIFFERENCE_FORMATS)[number];
  output?: string;
}

export function changes(program: ShellCommand): void {
  const command = program.command('changes');
  command
    .about(
      { en: 'What changed between two days', tr: 'İki gün arasında değişenler' },
      {
        en: 'Compares the ready reports of both days and asks MKS for nothing: a day without one is asked for by the command balances.',
        tr: 'İki günün hazır raporlarını karşılaştırır, MKS’den bir şey istemez: hazır raporu olmayan gün balances komutuyla istenir.',
      },
    )
    .argument(command.text({ en: '<FROM>', tr: '<İLK>' }))
    .argument(command.text({ en: '<TO>', tr: '<SON>' }));
  addFilters(command);
  addOutput(command, DIFFERENCE_FORMATS);
  command
    .examples(
      'changes 20250502 20250505 --member TIB --format csv',
      'changes 20250502 20250505 --member TIB -o changes.ndjson',
    )
    .action((from: string, to: string, options: ChangesOptions) =>
      readChanges(command.shell, [from, to], options),
    );
}

async function readChanges(
  shell: Shell,
  days: readonly [string, string],
  options: ChangesOptions,
): Promise<void> {
  const format = chooseFormat(shell, DIFFERENCE_FORMATS, options);
  const [from, to] = days.map((day) => readDate(shell, day));
  const query = { from, to, member: options.member, ...filtersOf(options), format };
  const gateway = connect(shell);
  const progress = createProgress(shell);
  await withSink(shell, options.output, (sink) =>
    download(shell, { sink, progress, lines: formatOf(format).lines }, undefined, () =>
      gateway.ask('balances/changes', { query }),
    ),
  ).finally(() => progress.clear());
}
