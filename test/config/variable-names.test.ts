/** Misspelt variables are mistakes; what others set is none of ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { misspelling } from '../../src/config/variable-names.ts';
import { clock, createFolder, mistakesOf } from './support.ts';

const misspelt: [name: string, nearest: string][] = [
  ['MKS_ENVIROMENT', 'MKS_ENVIRONMENT'],
  ['SERVICE_HOURS_GROUP1', 'SERVICE_HOURS_GROUP_1'],
  ['REDIS_URI', 'REDIS_URL'],
  ['API_CLIENT_FILE', 'API_CLIENTS_FILE'],
  ['TLS_CERT_FILE', 'TLS_CERTIFICATE_FILE'],
  ['RATE_LIMIT', 'RATE_LIMIT_PER_MINUTE'],
  ['MKS_PROXY', 'MKS_PROXY_URL'],
  ['REPORT_HOURS', 'REPORT_RETENTION_HOURS'],
  ['RATE_LIMIT_PER_MINUT', 'RATE_LIMIT_PER_MINUTE'],
  ['BALANCES_WAIT_SECOND', 'BALANCES_WAIT_SECONDS'],
  ['REPORT_RETENTION_HOUR', 'REPORT_RETENTION_HOURS'],
  ['OPERATIONS_PROT', 'OPERATIONS_PORT'],
];

for (const [name, nearest] of misspelt) {
  test(`refused: ${name}`, (t) => {
    const { env } = createFolder(t);
    assert.deepEqual(
      mistakesOf(() => readConfig({ ...env, [name]: 'x' }, clock)),
      [`${name}: is not a known variable; the nearest is ${nearest}`],
    );
  });
}

test('what is not set, the command line’s own, and what Kubernetes tells of services', (t) => {
  const { env } = createFolder(t);
  const others = {
    MKS_ENVIROMENT: '',
    MKS_GATEWAY_URL: 'http://127.0.0.1:3000',
    MKS_GATEWAY_KEY: 'x',
    MKS_LEDGER_PASSWORD: 'x',
    REDIS_SERVICE_HOST: '10.0.0.1',
    REDIS_SERVICE_PORT_REDIS: '6379',
    REDIS_PORT: 'tcp://10.0.0.1:6379',
    REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
    SANDBOX_PORT: '1',
    BALANCE: '1',
  };
  assert.deepEqual(
    mistakesOf(() => readConfig({ ...env, ...others }, clock)),
    [],
  );
});

test('how far what was written is from what was meant', () => {
  assert.equal(misspelling('same', 'same'), 0);
  assert.equal(misspelling('', 'abcd'), 1, 'left out');
  assert.equal(misspelling('abcd', ''), 4, 'too many');
  assert.equal(misspelling('sitten', 'kitten'), 1, 'another one');
  assert.equal(misspelling('sitt', 'kitten'), 1.5);
});
