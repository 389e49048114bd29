/** The rows of a ready report, into their sink. */
import { download } from '../output/download.ts';
import type { Progress } from '../output/progress.ts';
import type { Sink } from '../output/sink.ts';
import type { Shell } from '../shell.ts';
import type { Gateway } from './client.ts';
import { formatOf, type FormatName } from './formats.ts';

export interface RowsWanted {
  id: string;
  format: FormatName;
  sink: Sink;
  progress: Progress;
  /** The answer that bears them already. */
  first?: Response | undefined;
}

/** @throws CommandError: refused, or broken off. */
export async function fetchRows(
  shell: Shell,
  gateway: Gateway,
  { id, format, sink, progress, first }: RowsWanted,
): Promise<void> {
  const again = (): Promise<Response> => gateway.ask(`balances/${id}/rows`, { query: { format } });
  await download(shell, { sink, progress, lines: formatOf(format).lines }, first, again);
  progress.clear();
}
