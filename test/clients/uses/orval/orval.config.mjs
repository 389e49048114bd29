/**
 * Two clients. An operation that can answer with NDJSON among others orval takes for NDJSON in each
 * case and reads nothing of it, so JSON has a client that does not know of NDJSON.
 */
const input = '../gateway.json';
const output = {
  client: 'fetch',
  headers: true,
  baseUrl: {
    runtime: 'baseUrl',
    imports: [{ name: 'baseUrl', importPath: './base-url.js' }],
  },
};
const without = (...exclude) => ({ contentType: { exclude } });

/** A body that is a file makes every answer of the operation one of the two. */
const FILES = [
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.apache.parquet',
];

export default {
  json: {
    input,
    output: {
      ...output,
      target: 'json.ts',
      override: without('application/x-ndjson', 'text/csv', ...FILES),
    },
  },
  lines: {
    input,
    output: {
      ...output,
      target: 'lines.ts',
      override: without('application/json', 'text/csv', ...FILES),
    },
  },
};
