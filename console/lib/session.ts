/** The reader's API key: for this tab and until it is closed, nowhere else. */
import { signal } from '@preact/signals';

const STORED = 'mks-api-key';

/** Whether this gateway asks for keys at all: it says so in the page. */
export const asksForKey =
  document.querySelector<HTMLMetaElement>('meta[name="api-key"]')?.content !== 'none';

/** Empty while there is none. */
export const apiKey = signal(sessionStorage.getItem(STORED) ?? '');

/** Whether the key that was there last did not pass. */
export const wasRefused = signal(false);

export function signIn(key: string): void {
  sessionStorage.setItem(STORED, key);
  wasRefused.value = false;
  apiKey.value = key;
}

/** @param refused by the gateway, and not by the reader's own will. */
export function signOut(refused = false): void {
  sessionStorage.removeItem(STORED);
  wasRefused.value = refused;
  apiKey.value = '';
}
