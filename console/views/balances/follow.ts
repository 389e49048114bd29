/** One report, kept as it is at the gateway by its events. */
import { useEffect, useState } from 'preact/hooks';
import { problemFor } from '../../lib/api.ts';
import type { Problem, Report } from '../../lib/documents.ts';
import { events } from '../../lib/events.ts';
import { useIsSeen } from '../../lib/hooks.ts';
import { language } from '../../lib/language.ts';

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
        for await (const data of events(path, controller.signal)) {
          setFollowed({ report: JSON.parse(data) as Report });
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
