/** Where the reader is, as the part of the address behind `#`: every view can be linked to. */
import { signal } from '@preact/signals';

export interface Route {
  /** Parts of the path: `#/balances/42` is `['balances', '42']`. */
  path: string[];
  query: URLSearchParams;
}

export const route = signal<Route>(read());

addEventListener('hashchange', () => {
  route.value = read();
  scrollTo(0, 0);
});

/** The address of a view. */
export function linkTo(path: string, query: Record<string, string | undefined> = {}): string {
  const set = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  return `#/${path}${set.length === 0 ? '' : `?${new URLSearchParams(set)}`}`;
}

export function goTo(path: string, query: Record<string, string | undefined> = {}): void {
  location.hash = linkTo(path, query);
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter((part) => part !== '');
  return { path: parts.map(decodeURIComponent), query: new URLSearchParams(query) };
}
