/** Gauges of this process itself: its build, its disk, its certificates, the hours it goes by. */
import { X509Certificate } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { Gauge, type Registry } from '@prometheus-io/client';
import { VERSION } from '../lib/version.ts';
import { within } from '../lib/within.ts';
import type { HoursGroup, ServiceHours } from '../mks/hours.ts';
import type { Trail } from '../trail/index.ts';

const PREFIX = 'mks_gateway_';
const LIMIT_MS = 1_000;
const GROUPS: readonly HoursGroup[] = [1, 2, 3, 4];

/** What the gauges look at, anew at each scrape. */
export interface ProcessFacts {
  hours: Pick<ServiceHours, 'isOpen'>;
  /** MKK's response-signing certificates in force. */
  trustedCertificates: () => readonly X509Certificate[];
  /** Our serving certificate, PEM; undefined with plain HTTP. */
  tlsCertificate: () => string | Buffer | undefined;
  /** Mistakes that keep changed files from taking effect. */
  refusedFiles: () => readonly string[];
  dataDir: string;
  trail: Pick<Trail, 'look' | 'unstamped'>;
}

/** @returns sets them; never throws: what cannot be told is left out. */
export function createProcessGauges(registry: Registry, facts: ProcessFacts): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] });
  gauge('build_info', 'Always 1; the version of the gateway and of Node', ['version', 'node']).set(
    { version: VERSION, node: process.versions.node },
    1,
  );
  const open = gauge('service_open', 'Whether MKS is open for a group of services (MKS 8)', [
    'group',
  ]);
  const tls = gauge('tls_certificate_expiry_timestamp_seconds', 'When our TLS certificate ends');
  const mkk = gauge(
    'mkk_certificate_expiry_timestamp_seconds',
    "When a certificate ends that MKK's answers are checked with",
    ['fingerprint'],
  );
  const refused = gauge('files_refused', 'Mistakes that keep changed files from taking effect');
  const trail = gauge(
    'trail_writable',
    'Whether the access trail can be written; if not, no data leaves',
  );
  const unstamped = gauge(
    'trail_checkpoints_unstamped',
    'Checkpoints of the access trail that wait for their time stamp',
  );
  const free = gauge('data_free_bytes', 'Free space where DATA_DIR lies');

  return async () => {
    for (const group of GROUPS) {
      open.set({ group: String(group) }, facts.hours.isOpen(group) ? 1 : 0);
    }
    mkk.reset();
    for (const { fingerprint256, validToDate } of facts.trustedCertificates()) {
      mkk.set({ fingerprint: fingerprint256.slice(0, 23) }, validToDate.getTime() / 1000);
    }
    tls.reset();
    const certificate = facts.tlsCertificate();
    // Without one there is no sample: 0 would read as ended long ago.
    if (certificate === undefined) tls.remove();
    else tls.set(new X509Certificate(certificate).validToDate.getTime() / 1000);
    refused.set(facts.refusedFiles().length);
    const isWritable = await within(LIMIT_MS, facts.trail.look()).then(
      () => true,
      () => false,
    );
    trail.set(isWritable ? 1 : 0);
    unstamped.set(facts.trail.unstamped());
    const disk = await statfs(facts.dataDir).catch(() => undefined);
    if (disk !== undefined) free.set(disk.bavail * disk.bsize);
  };
}
