/** The way to MKS: what cannot work, or would send secrets in clear, is found at start. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { readConfig } from '../../src/config.ts';
import { clock, createFolder, mistakesOf } from './support.ts';

const cases: [variables: Record<string, string>, mistakes: string[]][] = [
  [{ MKS_EGRESS_ADDRESS: '127.0.0.2', MKS_BASE_URL: 'https://127.0.0.1:4443' }, []],
  [{ MKS_EGRESS_ADDRESS: '127.0.0.2', MKS_PROXY_URL: 'http://localhost:3128' }, []],
  [{ MKS_HOST_ADDRESS: '10.1.2.3', MKS_PROXY_URL: 'http://10.0.0.1:3128' }, []],
  [{ MKS_BASE_URL: 'http://localhost:4443', MKS_HOST_ADDRESS: '127.0.0.3' }, []],
  [{ MKS_EGRESS_ADDRESS: '192.0.2.1' }, ['MKS_EGRESS_ADDRESS: is not an address of this machine']],
  [{ MKS_EGRESS_ADDRESS: 'eth0' }, ['MKS_EGRESS_ADDRESS: must be an IP address']],
  [
    { MKS_EGRESS_ADDRESS: '127.0.0.2', MKS_HOST_ADDRESS: '2001:db8::1' },
    ['MKS_EGRESS_ADDRESS: is IPv4, and 2001:db8::1 cannot be reached from it'],
  ],
  [
    { MKS_EGRESS_ADDRESS: '127.0.0.2', MKS_HOST_ADDRESS: '10.1.2.3' },
    ['MKS_EGRESS_ADDRESS: is a loopback address, and 10.1.2.3 cannot be reached from it'],
  ],
  [
    {
      MKS_EGRESS_ADDRESS: '127.0.0.2',
      MKS_HOST_ADDRESS: '127.0.0.1',
      MKS_PROXY_URL: 'http://10.0.0.1:3128',
    },
    ['MKS_EGRESS_ADDRESS: is a loopback address, and 10.0.0.1 cannot be reached from it'],
  ],
  [
    { MKS_BASE_URL: 'http://localhost:4443', MKS_HOST_ADDRESS: '10.1.2.3' },
    ['MKS_HOST_ADDRESS: must be a loopback address: MKS_BASE_URL is plain http'],
  ],
  [
    { MKS_BASE_URL: 'http://127.0.0.1:4443', MKS_PROXY_URL: 'http://u:s3cret@proxy:3128' },
    ['MKS_PROXY_URL: must be a loopback address: MKS_BASE_URL is plain http'],
  ],
  [
    { MKS_BASE_URL: 'http://mks.example' },
    ['MKS_BASE_URL: must be https: plain http is for loopback addresses alone'],
  ],
];

for (const [variables, mistakes] of cases) {
  test(JSON.stringify(variables), (t) => {
    const { env } = createFolder(t);
    assert.deepEqual(
      mistakesOf(() => readConfig({ ...env, ...variables }, clock)),
      mistakes,
    );
  });
}
