/** `report ID`: how a report stands; with a format or a file, its rows. */
import type { ShellCommand } from '../command.ts';
import { connect } from '../gateway/client.ts';
import { chooseFormat, ROW_FORMATS, type FormatName } from '../gateway/formats.ts';
import { describe, follow, type Report } from '../gateway/reports.ts';
import { fetchRows } from '../gateway/rows.ts';
import { addOutput } from '../options.ts';
import { createProgress } from '../output/progress.ts';
import { withSink } from '../output/sink.ts';
import { writeJson, writePairs } from '../output/table.ts';
import { say, type Shell } from '../shell.ts';

const FORMAT_NAMES = Object.keys(ROW_FORMATS) as FormatName[];

interface ReportOptions {
  format?: FormatName;
  output?: string;
  json?: true;
}

export function report(program: ShellCommand): void {
  const command = program.command('report');
  command
    .about(
      { en: 'One report, or its rows', tr: 'Tek rapor ya da satırları' },
      {
        en: 'Without a format or a file it shows how the report stands; with one it waits for its end and gives the rows.',
        tr: 'Biçim ya da dosya verilmezse raporun durumunu gösterir; verilirse sonunu bekler ve satırları verir.',
      },
    )
    .argument(command.text({ en: '<ID>', tr: '<KİMLİK>' }));
  addOutput(command, FORMAT_NAMES);
  command
    .examples(
      'report ab9716ba-5d0e-4d2c-b0a5-e1aaf0b8c6f1',
      'report ab9716ba-5d0e-4d2c-b0a5-e1aaf0b8c6f1 -o balances.csv',
    )
    .action((id: string) => readReport(command.shell, id, command.optsWithGlobals()));
}

async function readReport(shell: Shell, id: string, options: ReportOptions): Promise<void> {
  const gateway = connect(shell);
  const path = encodeURIComponent(id);
  if (options.format === undefined && options.output === undefined) {
    const found = await gateway.read<Report>(`balances/${path}`);
    if (options.json) writeJson(shell, found);
    else show(shell, found);
    return;
  }
  const format = chooseFormat(shell, FORMAT_NAMES, options);
  const progress = createProgress(shell);
  await withSink(shell, options.output, async (sink) => {
    await follow(shell, gateway, path, { progress });
    await fetchRows(shell, gateway, { id: path, format, sink, progress });
  }).finally(() => progress.clear());
}

function show(shell: Shell, found: Report): void {
  const { filters, mks, problem } = found;
  const label = (en: string, tr: string): string => say(shell, { en, tr });
  const filterText = Object.entries(filters).map(([name, value]) => `${name}=${value}`);
  writePairs(shell, [
    [label('Report', 'Rapor'), found.id],
    [label('State', 'Durum'), describe(shell, found)],
    [label('Filters', 'Filtreler'), filterText.join(' ')],
    [label('Rows', 'Satır'), found.rowCount],
    [label('Asked', 'İstenme'), found.createdAt],
    [label('Starts', 'Başlangıç'), found.startsAt],
    [label('Ready', 'Hazır'), found.readyAt],
    [label('Kept until', 'Saklama sonu'), found.expiresAt],
    ['refId', found.refId],
    ['MKS', mks && [mks.code, mks.description].filter(Boolean).join(' ')],
    ['senderReference', mks?.senderReference],
    [label('Problem', 'Sorun'), problem && `${problem.title}: ${problem.detail ?? ''}`],
  ]);
}
