/** The end of an HTTP edge: what is under way may end by itself, but not for ever. */
import { within } from './lib/within.ts';
import type { App } from './routes/types.ts';

/** Answers under way may end by themselves for this long. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 100;

export async function closeApp(app: App): Promise<void> {
  // A connection that becomes idle only now would be kept open for a next request.
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
  await within(DRAIN_MS, app.close()).catch(() => undefined);
  clearInterval(idle);
}
