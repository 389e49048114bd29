import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { loadConfiguration, readConfig } from '../../src/config.ts';
import {
  clock,
  createFolder,
  identity,
  makeIdentity,
  mistakesOf,
  otherIdentity,
} from './support.ts';

test('the required variables alone give the documented defaults', (t) => {
  const { env, path } = createFolder(t);
  const config = readConfig({ ...env, SEALING_KEYS_FILE: '' }, clock);
  assert.deepEqual(config, {
    host: '127.0.0.1',
    port: 3000,
    logLevel: 'info',
    dataDir: path('data'),
    sealingKeysFile: path('data/sealing.keys'),
    makesSealingKeys: true,
    rateLimitPerMinute: Infinity,
    trail: { retentionDays: 1_827 },
    checkRetentionDays: 400,
    balancesWaitMs: 30_000,
    reportRetentionMs: 86_400_000,
    environment: 'test',
    line: 'internet',
    baseUrl: 'https://apitestint.mkk.com.tr',
    membersFile: path('members.json'),
    trustedCertificatesFile: path('mkk.pem'),
    fileType: 'json',
    requestTimeoutMs: 30_000,
    downloadTimeoutMs: 900_000,
    statusPollMs: 2_000,
    archiveMaxBytes: 1024 * 1024 * 1024,
    fileMaxBytes: 16 * 1024 * 1024 * 1024,
    serviceHours: {
      1: { startMinute: 60, endMinute: 1380 },
      2: { startMinute: 510, endMinute: 1260 },
      3: { startMinute: 60, endMinute: 1380 },
      4: { startMinute: 60, endMinute: 1380 },
    },
  });
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.serviceHours));
});

test('empty variables are unset ones, and unknown ones are let be', (t) => {
  const { env } = createFolder(t);
  const empty = {
    PORT: '',
    REDIS_URL: '',
    MKS_BASE_URL: '',
    SERVICE_HOURS_GROUP_1: '',
    HOME: '/x',
  };
  assert.deepEqual(readConfig({ ...env, ...empty }, clock), readConfig(env, clock));
});

const good: [variables: NodeJS.ProcessEnv, expected: Record<string, unknown>][] = [
  [{ RATE_LIMIT_PER_MINUTE: '5' }, { rateLimitPerMinute: 5 }],
  [{ TRAIL_RETENTION_DAYS: '0' }, { trail: { retentionDays: 0 } }],
  [{ CHECK_RETENTION_DAYS: '1' }, { checkRetentionDays: 1 }],
  [{ MKS_LINE: 'exchange' }, { baseUrl: 'https://apitest.mkk.com.tr' }],
  [{ MKS_ENVIRONMENT: 'production' }, { baseUrl: 'https://apiint.mkk.com.tr' }],
  [
    { MKS_ENVIRONMENT: 'production', MKS_LINE: 'exchange' },
    { baseUrl: 'https://api.mkk.com.tr', environment: 'production', line: 'exchange' },
  ],
  [{ MKS_BASE_URL: 'http://127.0.0.1:4443/' }, { baseUrl: 'http://127.0.0.1:4443' }],
  [{ MKS_BASE_URL: 'http://[::1]:4443/mks/' }, { baseUrl: 'http://[::1]:4443/mks' }],
  [{ MKS_BASE_URL: 'http://localhost:1' }, { baseUrl: 'http://localhost:1' }],
  [{ MKS_BASE_URL: 'https://mks.example/a/b' }, { baseUrl: 'https://mks.example/a/b' }],
  [{ MKS_STATUS_POLL_SECONDS: '0.05' }, { statusPollMs: 50 }],
  [{ MKS_REQUEST_TIMEOUT_SECONDS: '1.5' }, { requestTimeoutMs: 1500 }],
  [{ MKS_DOWNLOAD_TIMEOUT_SECONDS: '0.0001' }, { downloadTimeoutMs: 1 }],
  [{ REPORT_RETENTION_HOURS: '0.001' }, { reportRetentionMs: 3600 }],
  [{ BALANCES_WAIT_SECONDS: '0' }, { balancesWaitMs: 0 }],
  [{ MKS_ARCHIVE_MAX_MB: '0.5' }, { archiveMaxBytes: 512 * 1024 }],
  [
    { PORT: '0', LOG_LEVEL: 'debug' },
    { port: 0, logLevel: 'debug' },
  ],
  [{ MKS_FILE_TYPE: 'csv' }, { fileType: 'csv' }],
  [{ MKS_EGRESS_ADDRESS: '127.0.0.2' }, { egressAddress: '127.0.0.2' }],
  [{ MKS_HOST_ADDRESS: '10.1.2.3' }, { hostAddress: '10.1.2.3' }],
  [{ MKS_PROXY_URL: 'http://u:p@proxy:3128' }, { proxyUrl: 'http://u:p@proxy:3128/' }],
  [{ REDIS_URL: 'rediss://:pw@redis:6380/2' }, { redisUrl: 'rediss://:pw@redis:6380/2' }],
  [
    { REDIS_URL: 'redis+sentinel://:pw@a:26379,b/mymaster/1' },
    { redisUrl: 'redis+sentinel://:pw@a:26379,b/mymaster/1' },
  ],
  [{ HOST: '::1' }, { host: '::1' }],
];

for (const [variables, expected] of good) {
  test(`taken: ${JSON.stringify(variables)}`, (t) => {
    const config = readConfig({ ...createFolder(t).env, ...variables }, clock);
    assert.deepEqual({ ...config, ...expected }, config);
  });
}

test('a time stamp server: its address alone, or with those who may vouch for it', (t) => {
  const { env, path } = createFolder(t);
  const url = { TRAIL_TIMESTAMP_URL: 'https://tsa.example' };
  assert.deepEqual(readConfig({ ...env, ...url }, clock).trail.stampSource, {
    url: 'https://tsa.example/',
  });
  const file = { TRAIL_TIMESTAMP_CA_FILE: path('mkk.pem') };
  const { ca, trusted } = readConfig({ ...env, ...url, ...file }, clock).trail.stampSource ?? {};
  assert.match(ca ?? '', /^-----BEGIN CERTIFICATE-----/);
  assert.equal(trusted?.length, 1);
  const nowhere = { TRAIL_TIMESTAMP_CA_FILE: path('nowhere.pem') };
  assert.match(
    mistakesOf(() => readConfig({ ...env, ...url, ...nowhere }, clock)).join(),
    /ENOENT/,
  );
});

test('service hours: always, over midnight', (t) => {
  const { env } = createFolder(t);
  const hours = { SERVICE_HOURS_GROUP_1: '00:00-24:00', SERVICE_HOURS_GROUP_4: '22:30-06:15' };
  const { serviceHours } = readConfig({ ...env, ...hours }, clock);
  assert.deepEqual(serviceHours[1], { startMinute: 0, endMinute: 1440 });
  assert.deepEqual(serviceHours[4], { startMinute: 1350, endMinute: 375 });
});

const bad: [variable: string, value: string, mistake: RegExp][] = [
  ['PORT', '30x', /a whole number from 0 to 65535/],
  ['PORT', '65536', /from 0 to 65535/],
  ['PORT', '3000.5', /a whole number/],
  ['PORT', '0x10', /a whole number/],
  ['PORT', '-1', /a whole number/],
  ['PORT', ' 3000', /a whole number/],
  ['OPERATIONS_PORT', '3000', /is PORT: it must be another/],
  ['RATE_LIMIT_PER_MINUTE', '0', /from 1/],
  ['LOG_LEVEL', 'loud', /one of fatal, error/],
  ['BALANCES_WAIT_SECONDS', '121', /to 120/],
  ['REPORT_RETENTION_HOURS', '0', /above 0/],
  ['MKS_REQUEST_TIMEOUT_SECONDS', '1e3', /a number above 0/],
  ['MKS_REQUEST_TIMEOUT_SECONDS', 'Infinity', /a number above 0/],
  ['MKS_STATUS_POLL_SECONDS', '0', /above 0/],
  ['MKS_ARCHIVE_MAX_MB', '-5', /above 0/],
  ['MKS_ENVIRONMENT', 'prod', /one of test, production/],
  ['MKS_LINE', 'Internet', /one of internet, exchange/],
  ['MKS_FILE_TYPE', 'xml', /one of json, csv/],
  ['MKS_BASE_URL', 'http://mks.example', /must be https/],
  ['MKS_BASE_URL', 'http://127.0.0.1.example', /must be https/],
  ['MKS_BASE_URL', 'ftp://127.0.0.1', /an http or https URL/],
  ['MKS_BASE_URL', 'apitest.mkk.com.tr', /an http or https URL/],
  ['MKS_BASE_URL', 'https://user:hush@mks.example', /neither a user/],
  ['MKS_BASE_URL', 'https://mks.example/?a=1', /a \? or # part/],
  ['MKS_EGRESS_ADDRESS', '192.0.2.77', /not an address of this machine/],
  ['MKS_EGRESS_ADDRESS', 'eth0', /an IP address/],
  ['MKS_HOST_ADDRESS', 'api.mkk.com.tr', /an IP address/],
  ['MKS_PROXY_URL', 'socks5://u:hush@p:1', /an http or https URL/],
  ['MKS_PROXY_URL', 'http://u:hush@p:1/path', /no path/],
  ['TRAIL_TIMESTAMP_URL', 'http://tsa.example', /name in TRAIL_TIMESTAMP_CA_FILE who/],
  ['TRAIL_TIMESTAMP_URL', 'https://user:hush@tsa.example', /neither a user/],
  ['TRAIL_TIMESTAMP_CA_FILE', '/nowhere/ca.pem', /TRAIL_TIMESTAMP_URL is not set/],
  ['MKS_CA_FILE', '/nowhere/ca.pem', /cannot read \/nowhere\/ca.pem \(ENOENT\)/],
  ['SERVICE_HOURS_GROUP_2', '08:30', /HH:MM-HH:MM/],
  ['SERVICE_HOURS_GROUP_2', '08:30-08:30', /two different times/],
  ['SERVICE_HOURS_GROUP_2', '8:30-21:00', /HH:MM-HH:MM/],
  ['SERVICE_HOURS_GROUP_2', '24:00-08:00', /HH:MM-HH:MM/],
  ['SERVICE_HOURS_GROUP_2', '00:00-24:01', /HH:MM-HH:MM/],
  ['REDIS_URL', 'http://:hush@redis', /redis:\/\/host/],
  ['REDIS_URL', 'redis://:hush@redis/nought', /a number/],
  ['REDIS_URL', 'redis://', /redis:\/\/host/],
  ['REDIS_URL', 'redis+sentinel://:hush@a:26379', /\/master/],
  ['REDIS_URL', 'unix:/tmp/x', /redis:\/\//],
  ['HOST', '0.0.0.0', /API_CLIENTS_FILE/],
  ['HOST', 'gateway.example', /API_CLIENTS_FILE/],
  ['DATA_DIR', '/proc/version', /not a directory/],
  ['DATA_DIR', '/proc/version/data', /not a directory/],
  // There root itself makes no folder.
  ['DATA_DIR', '/proc/sys/data', /\/proc\/sys cannot be written to/],
  ['TLS_KEY_FILE', '/x/tls.key', /go together/],
  ['MKS_MEMBERS_FILE', '', /is required/],
  ['MKS_TRUSTED_CERTIFICATES_FILE', '', /is required/],
];

for (const [variable, value, mistake] of bad) {
  test(`refused: ${variable}=${value}`, (t) => {
    const { env } = createFolder(t);
    const mistakes = mistakesOf(() => readConfig({ ...env, [variable]: value }, clock));
    assert.equal(mistakes.length, 1, mistakes.join('\n'));
    assert.match(mistakes[0] ?? '', mistake);
    assert.match(
      mistakes[0] ?? '',
      variable.startsWith('TLS_') ? /^TLS_/ : RegExp(`^${variable}:`),
    );
    assert.ok(!mistakes[0]?.includes('hush'));
  });
}

test('an address of this machine may be bound to', (t) => {
  const { env } = createFolder(t);
  for (const { address } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    const config = readConfig({ ...env, MKS_EGRESS_ADDRESS: address }, clock);
    assert.equal(config.egressAddress, address);
  }
});

test('TLS: a certificate and its key', async (t) => {
  const { env, path, write } = createFolder(t);
  const tls = { TLS_CERTIFICATE_FILE: path('tib.pem'), TLS_KEY_FILE: path('tib.key') };
  const config = readConfig({ ...env, ...tls }, clock);
  assert.equal(config.tls?.certificate, identity.pem);
  assert.equal(config.tls?.key, identity.keyPem);

  write('tib.pem', otherIdentity.pem);
  const mistakes = mistakesOf(() => readConfig({ ...env, ...tls }, clock));
  assert.deepEqual(mistakes, ['TLS_CERTIFICATE_FILE: the certificate does not belong to the key']);

  const expired = await makeIdentity(2048, -30, -1);
  write('tib.pem', expired.pem);
  write('tib.key', expired.keyPem);
  const [mistake] = mistakesOf(() => readConfig({ ...env, ...tls }, clock));
  assert.match(mistake ?? '', /expired at 2026-11-01T12:00:00.000\+03:00/);
});

test('an extra CA is read as PEM', (t) => {
  const { env, path, write } = createFolder(t);
  write('ca.pem', `# comment\n${identity.pem}\n${otherIdentity.pem}\n`);
  const { ca } = readConfig({ ...env, MKS_CA_FILE: path('ca.pem') }, clock);
  assert.equal(ca?.match(/BEGIN CERTIFICATE/g)?.length, 2);
  write('ca.pem', identity.keyPem);
  const mistakes = mistakesOf(() => readConfig({ ...env, MKS_CA_FILE: path('ca.pem') }, clock));
  assert.deepEqual(mistakes, [`MKS_CA_FILE: ${path('ca.pem')} holds no certificate in PEM`]);
});

test('beside a Redis of its own the sealing keys have to be named', (t) => {
  const { env } = createFolder(t);
  const shared = { ...env, REDIS_URL: 'redis://redis', SEALING_KEYS_FILE: '' };
  const mistakes = mistakesOf(() => readConfig(shared, clock));
  assert.match(
    mistakes.join('\n'),
    /^SEALING_KEYS_FILE: is required beside REDIS_URL.*sealing-key/,
  );
});

test('every mistake of the environment and of all files is told at once, without a secret', (t) => {
  const { env, write } = createFolder(t);
  write('tib.password', 'hush-hush-hush-hush');
  write('tib.key', 'hush');
  const mistakes = mistakesOf(() =>
    loadConfiguration(
      {
        ...env,
        PORT: 'hush',
        LOG_LEVEL: 'hush',
        MKS_BASE_URL: 'http://hush.example',
        REDIS_URL: 'redis://:hush@h/hush',
        API_CLIENTS_FILE: write('clients.json', '{"clients": [{"name": "hush" hush }]}'),
        MKS_TRUSTED_CERTIFICATES_FILE: '',
      },
      clock,
    ),
  );
  assert.deepEqual(
    mistakes.map((line) => line.replace(/\/\S*\//g, '')),
    [
      'MKS_TRUSTED_CERTIFICATES_FILE: is required',
      'PORT: must be a whole number from 0 to 65535',
      'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
      'MKS_BASE_URL: must be https: plain http is for loopback addresses alone',
      'REDIS_URL: the database after the last / must be a number',
      'MKS_MEMBERS_FILE: members[0].passwordFile: the password must have 6 to 10 characters with a digit, a letter and a symbol',
      'MKS_MEMBERS_FILE: members[0].signingKeyFile: tib.key is no private key in PEM',
      'API_CLIENTS_FILE: clients.json is not JSON (line 1 column 30)',
    ],
  );
  assert.ok(!mistakes.join('\n').includes('hush'));
});
