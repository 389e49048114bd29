/** One report, kept as it is at the gateway by its events. */
import { useEffect, useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Problem, Report } from '../../lib/documents.ts';
import { events } from '../../lib/events.ts';
import { useIsSeen } from '../../lib/hooks.ts';
import { language } from '../../lib/language.ts';
import { isLive } from '../../parts/state.ts';

export interface Followed {
  report?: Report;
  problem?: Problem;
}

export function useReport(id: string): Followed {
  const [followed, setFollowed] = useState<Followed>({});
  // Details and problems in it are in the language that they were asked for in.
  const spoken = language.value;
  const isSeen = useIsSeen();
  useEffect(() => {
    if (!isSeen) return undefined;
    const controller = new AbortController();
    const follow = async (): Promise<void> => {
      try {
        const path = `/balances/${encodeURIComponent(id)}/events`;
        for await (const data of events(path, hasEnded, controller.signal)) {
          setFollowed({ report: reportIn(data) });
        }
      } catch (error) {
        if (!controller.signal.aborted) setFollowed({ problem: problemFor(error) });
      }
    };
    void follow();
    return () => controller.abort();
  }, [id, spoken, isSeen]);
  return followed;
}

function reportIn(data: string): Report {
  return JSON.parse(data) as Report;
}

function hasEnded(data: string): boolean {
  return !isLive(reportIn(data).state);
}
