/**
 * Makes the API clients file of the compose example with one new key, and a sealing key, unless they are there already.
 *
 * Arguments: the folder, then the member codes that the key is for. Beside `clients.json`, which
 * holds the key's SHA-256 alone, the key itself goes into `demo.key`: that is for trying things
 * out. For production make a key with `npm run api-key`, which keeps it nowhere.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.', ...members] = process.argv.slice(2);
const clientsFile = join(folder, 'clients.json');

if (existsSync(clientsFile)) {
  console.log('The API clients file is there already.');
} else {
  const key = `mksgw_${randomBytes(32).toString('base64url')}`;
  const keySha256 = createHash('sha256').update(key).digest('hex');
  const clients = [{ name: 'demo', keySha256, members, operator: true }];
  writeFileSync(join(folder, 'demo.key'), `${key}\n`, { mode: 0o600 });
  // Renamed when it is whole: a start that was cut off begins again.
  writeFileSync(`${clientsFile}.new`, `${JSON.stringify({ clients }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${clientsFile}.new`, clientsFile);
  console.log('Made an API clients file with a new key.');
}
const sealingKeysFile = join(folder, 'sealing.keys');
if (!existsSync(sealingKeysFile)) {
  const line = `demo:${randomBytes(32).toString('base64')}\n`;
  writeFileSync(`${sealingKeysFile}.new`, line, { mode: 0o600 });
  renameSync(`${sealingKeysFile}.new`, sealingKeysFile);
}
console.log(`To see the key, once the gateway is up:
  docker compose exec gateway cat /run/clients/demo.key`);
