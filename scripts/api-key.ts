/** Makes an API key: shows it once, and prints the entry that lets it in. */
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

const USAGE = `Usage: npm run api-key -- --name NAME --members CODE[,CODE…] [--operator] [--auditor]
  --name       of the client, as logs and the journal show it
  --members    the member codes that it may ask for
  --operator   it may also pause and resume these members
  --auditor    it may also read the access trail of these members`;

/** A prefix that secret scanners can be taught. */
const KEY_PREFIX = 'mksgw_';
const KEY_BYTES = 32;

class UsageError extends Error {}

interface Request {
  name: string;
  members: string[];
  operator: boolean;
  auditor: boolean;
}

function readRequest(args: string[]): Request {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string', default: '' },
      members: { type: 'string', default: '' },
      operator: { type: 'boolean', default: false },
      auditor: { type: 'boolean', default: false },
    },
  });
  const members = values.members.split(',').map((code) => code.trim());
  const mistakes: string[] = [];
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(values.name)) {
    mistakes.push('--name must be 1 to 64 letters, digits, dots, dashes and underscores');
  }
  if (!members.every((code) => /^[A-Z0-9]{3,8}$/.test(code))) {
    mistakes.push('--members must be member codes with commas between them');
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  return {
    name: values.name,
    members: [...new Set(members)],
    operator: values.operator,
    auditor: values.auditor,
  };
}

function main(): void {
  const { name, members, operator, auditor } = readRequest(process.argv.slice(2));
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  const keySha256 = createHash('sha256').update(key).digest('hex');
  console.log(`The key, shown this once; the caller sends it as "Authorization: Bearer <key>":

${key}

The entry for "clients" in the API clients file:

${JSON.stringify({ name, keySha256, members, operator, auditor })}`);
}

try {
  main();
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  console.error(error instanceof Error ? error.message : error);
  if (isUsage) console.error(`\n${USAGE}`);
  process.exitCode = isUsage ? 2 : 1;
}
