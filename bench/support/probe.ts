/** The probe of `/health/live`, a process of its own. */
import { startNode, written } from './programs.ts';
import type { Scope } from './scope.ts';

/** @returns what ends it, and gives when each answer was due (ms since 1970) and how long it took. */
export async function startProbe(
  scope: Scope,
  url: string,
): Promise<() => Promise<[number, number][]>> {
  const probe = startNode(scope, ['bench/support/health-probe.ts', url], {});
  await written(probe, /asking/);
  return async () => {
    await probe.stop();
    const [, json = ''] = /^SEEN (.*)$/m.exec(probe.output()) ?? [];
    if (json === '') throw new Error(probe.output());
    return JSON.parse(json) as [number, number][];
  };
}
