/**
 * DuckDB on one thread: reads a report's JSON file and writes its rows as NDJSON, all fields as texts.
 * `node bench/peers/duckdb.ts FROM INTO` prints `{wallMs, cpuMs}`, without the start of Node.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { ROW_FIELDS } from '../../sandbox/data/columns.ts';

const [from = '', into = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const columns = ROW_FIELDS.map((name) => `${name}: 'VARCHAR'`).join(', ');
const began = performance.now();
const before = process.cpuUsage();
await connection.run(
  `COPY (SELECT * FROM read_json(${quoted(from)}, format = 'array', columns = {${columns}}))
   TO ${quoted(into)} (FORMAT json)`,
);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wallMs: performance.now() - began, cpuMs: (user + system) / 1000 }));

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
