/**
 * What a run of all tests tells each process, for those that are started with an environment of their own: where
 * compiled code is kept (half of each start), or where to leave what was covered (`npm run coverage`).
 */
const NAMES = ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE', 'NODE_V8_COVERAGE'];

export const inherited: Record<string, string> = Object.fromEntries(
  NAMES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);
