/**
 * The keys that lie in HSMs (PKCS #11), each with its signer; a process of its own for each token.
 *
 * An HSM that goes away and comes back needs nobody: its members are shut off meanwhile, as those whose
 * files are spoilt, and a key that does not sign is tried again until it does.
 */
import { createHash, type KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { HsmKey, Hsms } from '../../lib/hsm.ts';
import { createKey, type KeyInHsm } from './key.ts';
import { createHsmProcesses } from './processes.ts';

export interface OpenHsms extends Hsms {
  /** Ends every process; nothing is signed any more. */
  close(): void;
}

/** A message that was begun with a key may still want its signature. */
const LEAVE_MS = 60_000;

interface Entry {
  /** The name of its process. */
  place: string;
  key: KeyInHsm;
  isWanted: boolean;
}

/** Makes it; nothing is opened before a key is asked for. */
export function createHsms(log: Logger): OpenHsms {
  const entries = new Map<string, Entry>();
  const leaving = new Set<Entry>();
  const processes = createHsmProcesses();
  const listeners = new Set<() => unknown>();
  const onNews = (): void => listeners.forEach((listener) => void listener());

  function add(id: string, key: HsmKey, publicKey: KeyObject): Entry {
    const { module, tokenLabel, pin } = key;
    const place = digest([module, tokenLabel, pin]);
    const connect = () => processes.connect(place, { module, tokenLabel, pin });
    const { drop } = processes;
    const inHsm = createKey({ key, publicKey, connect, drop, onNews, log });
    const entry: Entry = { place, key: inHsm, isWanted: true };
    entries.set(id, entry);
    return entry;
  }

  function remove(entry: Entry): void {
    leaving.delete(entry);
    entry.key.close();
    const others = [...entries.values(), ...leaving];
    if (others.some(({ place }) => place === entry.place)) return;
    processes.leave(entry.place);
  }

  const isAsking = (): boolean => [...entries.values()].some(({ key }) => !key.hasLooked());
  return {
    find(key, publicKey) {
      const { module, tokenLabel, keyLabel, pin } = key;
      const certified = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      const id = digest([module, tokenLabel, keyLabel, pin, certified]);
      const entry = entries.get(id) ?? add(id, key, publicKey);
      entry.isWanted = true;
      if (entry.key.isProven()) return entry.key.signer;
      return (entry.key.hasLooked() ? entry.key.trouble() : undefined) ?? 'asking';
    },
    isAsking,
    async settled() {
      while (isAsking()) await Promise.all([...entries.values()].map(({ key }) => key.looked));
    },
    onNews: (listener) => void listeners.add(listener),
    keep(inForce) {
      const signers = new Set(inForce);
      for (const [id, entry] of entries) {
        const isKept = entry.isWanted || signers.has(entry.key.signer);
        entry.isWanted = false;
        if (isKept) continue;
        entries.delete(id);
        leaving.add(entry);
        setTimeout(remove, LEAVE_MS, entry).unref();
      }
    },
    close() {
      for (const entry of [...entries.values(), ...leaving]) entry.key.close();
      processes.close();
      entries.clear();
      leaving.clear();
    },
  };
}

/** A name for what is not to be kept in clear any longer than it must. */
function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
