/** Where `npm test` keeps compiled code, for what is started with an environment of its own: half of each start. */
const folder = process.env['NODE_COMPILE_CACHE'];

export const compiled: Record<string, string> =
  folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
