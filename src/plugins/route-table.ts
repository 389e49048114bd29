/** Which methods each path answers to, so that a wrong method is told from a wrong path. */
import type { FastifyInstance } from 'fastify';

export interface RouteTable {
  /** The methods of the first route that fits a path (without its query); none if there is none. */
  methodsOf(path: string): readonly string[];
}

interface Entry {
  pattern: RegExp;
  isExact: boolean;
  methods: Set<string>;
}

/** Listens to the routes of the app; create it before any of them. */
export function createRouteTable(app: FastifyInstance): RouteTable {
  const entries = new Map<string, Entry>();
  app.addHook('onRoute', (route) => {
    const entry = entries.get(route.url) ?? newEntry(route.url);
    for (const method of [route.method].flat()) entry.methods.add(method);
    // A prefix's own route is told in two spellings, of which the second comes as HEAD alone.
    if (entry.methods.has('HEAD')) entry.methods.add('GET');
    entries.set(route.url, entry);
  });
  return {
    methodsOf(path) {
      const fitting = [...entries.values()].filter(({ pattern }) => pattern.test(path));
      // `/balances/changes` is a route of its own, not a report that is called so.
      const entry = fitting.find(({ isExact }) => isExact) ?? fitting[0];
      return entry === undefined ? [] : [...entry.methods].toSorted();
    },
  };
}

function newEntry(url: string): Entry {
  const source = url
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) return '[^/]+';
      return part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return {
    pattern: new RegExp(`^${source}$`),
    isExact: !url.includes(':') && !url.includes('*'),
    methods: new Set(),
  };
}
