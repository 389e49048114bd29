/** One process for each token and PIN: one login serves all keys that lie there. */
import type { HsmTrouble } from '../../lib/hsm.ts';
import { HsmError, type HsmPlace } from './messages.ts';
import { startHsmProcess, type HsmProcess } from './process.ts';

export interface HsmProcesses {
  /** The one of this place; another if the last has ended. */
  connect(name: string, place: HsmPlace): HsmProcess;
  /** It is no good any more. What it has been given it still does, or says that it cannot. */
  drop(process: HsmProcess): void;
  leave(name: string): void;
  close(): void;
}

export function createHsmProcesses(): HsmProcesses {
  const processes = new Map<string, HsmProcess>();
  const refused = new Map<string, HsmTrouble>();

  function forget(process: HsmProcess): void {
    for (const [name, each] of processes) if (each === process) processes.delete(name);
  }
  function drop(process: HsmProcess): void {
    forget(process);
    process.leave();
  }
  return {
    connect(name, place) {
      const present = processes.get(name);
      if (present !== undefined) return present;
      const refusal = refused.get(name);
      if (refusal !== undefined) return refusing(refusal);
      const process = startHsmProcess(place, (trouble) => {
        forget(process);
        // Once for all keys that lie there, and never by itself again: each wrong PIN brings the token nearer to locking.
        if (trouble.reason === 'pin-refused') refused.set(name, trouble);
      });
      processes.set(name, process);
      return process;
    },
    drop,
    leave(name) {
      const process = processes.get(name);
      if (process !== undefined) drop(process);
    },
    close: () => [...processes.values()].forEach(drop),
  };
}

/** What would log in with a PIN that was refused. */
function refusing(trouble: HsmTrouble): HsmProcess {
  return { sign: () => Promise.reject(new HsmError(trouble)), leave: () => undefined };
}
