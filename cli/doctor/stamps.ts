/** The time stamp server: it is asked for a stamp of nothing, which is proved as a checkpoint's would be. */
import { randomBytes } from 'node:crypto';
import type { Config } from '../../src/config.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { askStamp } from '../../src/trail/stamps/ask.ts';
import { StampError } from '../../src/trail/stamps/token.ts';
import { failure, ok, printable, warning, type Finding } from './finding.ts';

const LIMIT_MS = 10_000;
const CLOCK_WARNING_MS = 5_000;

/** One finding where a server is configured, else none. */
export async function* examineStamps(
  { trail }: Pick<Config, 'trail'>,
  clock: Clock,
): AsyncGenerator<Finding> {
  const { stampSource: source } = trail;
  if (source === undefined) return;
  const check = 'time-stamp';
  try {
    const stamp = await askStamp(source, randomBytes(32), AbortSignal.timeout(LIMIT_MS));
    const authority = printable(stamp.authority);
    // A stamp counts in whole seconds.
    const seconds = Math.round(Math.abs(stamp.time - clock.now()) / 1000);
    const en = `${source.url} stamps as ${authority}`;
    const tr = `${source.url} ${authority} adıyla damgalıyor`;
    if (seconds * 1000 > CLOCK_WARNING_MS) {
      yield {
        check,
        ...warning(
          'operator',
          `${en}; its clock and ours are ${seconds} s apart`,
          `${tr}; saati bizimkinden ${seconds} s farklı`,
        ),
      };
    } else yield { check, ...ok(en, tr) };
  } catch (error) {
    yield { check, ...explain(error, source.url) };
  }
}

function explain(error: unknown, url: string) {
  const reason = error instanceof Error ? printable(error.message) : '';
  if (error instanceof StampError && error.fault === 'untrusted') {
    return failure(
      'operator',
      `the stamps of ${url} are signed by nobody whom TRAIL_TIMESTAMP_CA_FILE vouches for`,
      `${url} damgalarını imzalayana TRAIL_TIMESTAMP_CA_FILE içindekilerden hiçbiri kefil değil`,
    );
  }
  if (error instanceof StampError) {
    return failure(
      'operator',
      `what ${url} gives is no stamp that holds: ${reason}`,
      `${url} geçerli bir damga vermiyor (${error.fault})`,
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : reason;
  return warning(
    'network',
    `${url} cannot be asked (${code}): checkpoints wait, nothing else does`,
    `${url} adresine sorulamıyor (${code}): denetim noktaları bekler, başka hiçbir şey beklemez`,
  );
}
