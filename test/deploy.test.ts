/** What is shipped for running the gateway: it can be read, and names what exists. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { environmentSchema } from '../src/config/environment.ts';
import { START_FLAGS } from './support/start-flags.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const variables = Object.keys(environmentSchema.properties);

interface Manifest {
  kind: string;
  metadata: { name: string; labels?: object };
  spec: Record<string, never>;
  data: Record<string, string>;
  stringData: Record<string, string>;
  resources: string[];
}

function documents(path: string): Manifest[] {
  return parseAllDocuments(read(path)).map((document) => {
    assert.deepEqual(document.errors, [], path);
    assert.deepEqual(document.warnings, [], path);
    return document.toJS() as Manifest;
  });
}

const folder = 'deploy/kubernetes';
const manifests = readdirSync(join(root, folder)).flatMap((name) =>
  documents(join(folder, name)).map((manifest) => ({ name, manifest })),
);

function one(kind: string): Manifest {
  const found = manifests.filter(({ manifest }) => manifest.kind === kind);
  assert.equal(found.length, 1, kind);
  const [first] = found;
  assert.ok(first !== undefined);
  return first.manifest;
}

test('Kustomize applies every manifest but the example of Secrets', () => {
  const names = readdirSync(join(root, folder)).filter(
    (name) => !['kustomization.yaml', 'secret.example.yaml'].includes(name),
  );
  assert.deepEqual(one('Kustomization').resources.toSorted(), names.toSorted());
});

interface Container {
  volumeMounts: Mount[];
  securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean };
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
}
interface Mount {
  name: string;
  mountPath: string;
}
interface Probe {
  httpGet: { path: string; scheme: string };
}
interface Volume {
  name: string;
  secret?: { secretName: string; defaultMode: number };
}

test('settings are those that the gateway knows, and secrets are files', () => {
  const { data } = one('ConfigMap');
  const secrets = manifests.filter(({ manifest }) => manifest.kind === 'Secret');
  const inSecrets = secrets.flatMap(({ manifest }) => Object.keys(manifest.stringData));
  for (const name of [...Object.keys(data), 'REDIS_URL']) assert.ok(variables.includes(name), name);
  const deployment = one('Deployment') as unknown as {
    spec: { template: { spec: { containers: Container[]; volumes: Volume[] } } };
  };
  const { containers, volumes } = deployment.spec.template.spec;
  const [container] = containers;
  assert.ok(container !== undefined);
  // Each path of the ConfigMap is one of a Secret that is mounted there.
  for (const path of Object.values(data).filter((value) => value.startsWith('/run/'))) {
    const file = path.split('/').at(-1) ?? '';
    assert.ok(inSecrets.includes(file), path);
    const mount: Mount | undefined = container.volumeMounts.find(
      ({ mountPath }) => path === `${mountPath}/${file}`,
    );
    const volume: Volume | undefined = volumes.find(({ name }) => name === mount?.name);
    const secret = secrets.find(
      ({ manifest }) => manifest.metadata.name === volume?.secret?.secretName,
    );
    assert.ok(secret?.manifest.stringData[file] !== undefined, path);
    assert.equal(volume?.secret?.defaultMode, 0o440);
  }
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
    const { path, scheme }: Probe['httpGet'] = container[probe].httpGet;
    assert.equal(path, probe === 'readinessProbe' ? '/health/ready' : '/health/live');
    assert.equal(scheme, 'HTTPS');
  }
  assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  assert.equal(container.securityContext.allowPrivilegeEscalation, false);
});

test('nothing gets out but to MKS, Redis and DNS', () => {
  const { spec } = one('NetworkPolicy') as unknown as {
    spec: { policyTypes: string[]; egress: { to: object[]; ports: { port: number }[] }[] };
  };
  assert.deepEqual(spec.policyTypes, ['Ingress', 'Egress']);
  const ports = spec.egress.map((rule) => rule.ports.map(({ port }) => port));
  assert.deepEqual(ports, [[443], [6379], [53, 53]]);
  for (const { to } of spec.egress) {
    assert.equal(to.length, 1, 'a rule without `to` would let everything out');
    const cidr = (to[0] as { ipBlock?: { cidr: string } }).ipBlock?.cidr;
    assert.ok(cidr === undefined || cidr.endsWith('/32'), cidr);
  }
});

test('every selector finds the pods', () => {
  const labels = { 'app.kubernetes.io/name': 'mks-gateway' };
  for (const { name, manifest } of manifests) {
    if (['Secret', 'Kustomization'].includes(manifest.kind)) continue;
    assert.deepEqual(manifest.metadata.labels, labels, name);
  }
  const selectorOf = (kind: string): unknown => {
    const { selector, podSelector } = one(kind).spec as Record<string, unknown>;
    return selector ?? podSelector;
  };
  for (const kind of ['Deployment', 'PodDisruptionBudget', 'NetworkPolicy']) {
    assert.deepEqual(selectorOf(kind), { matchLabels: labels }, kind);
  }
  assert.deepEqual(selectorOf('Service'), labels);
});

test('compose: every secret that is named is given to the gateway as a file', () => {
  const [compose] = documents('deploy/compose/compose.yaml') as unknown as {
    services: Record<string, { environment: Record<string, string>; secrets: string[] }>;
    secrets: Record<string, { file: string }>;
  }[];
  const { gateway } = compose?.services ?? {};
  assert.ok(compose !== undefined && gateway !== undefined);
  const { environment, secrets } = gateway;
  assert.deepEqual(secrets.toSorted(), Object.keys(compose.secrets).toSorted());
  for (const [name, value] of Object.entries(environment)) {
    assert.ok(variables.includes(name), name);
    const [, secret] = /^\/run\/secrets\/(.*)$/.exec(value) ?? [];
    if (secret !== undefined) assert.ok(secrets.includes(secret), value);
  }
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    assert.equal(file, `./secrets/${name}`);
  }
});

test('the image starts it with the flags of npm start', () => {
  const image = /^CMD \["node", (.*), "src\/server.js"\]$/m.exec(read('Dockerfile'))?.[1] ?? '';
  assert.deepEqual(JSON.parse(`[${image}]`), START_FLAGS);
});

test('systemd: the unit starts what exists, with settings that exist', () => {
  const unit = read('deploy/systemd/mks-gateway.service');
  const [, flags = '', program] =
    /^ExecStart=\/usr\/bin\/env node ((?:--\S+ )*)(\S+)$/m.exec(unit) ?? [];
  assert.deepEqual(flags.trim().split(' '), START_FLAGS);
  assert.ok(program !== undefined && existsSync(join(root, program)), program);
  const [, first] = /^Environment=PATH=([^:]+):/m.exec(unit) ?? [];
  const [, home] = /^WorkingDirectory=(\S+)$/m.exec(unit) ?? [];
  assert.equal(first, `${home}/node_modules/.bin`, 'where npm ci puts Node 24');
  assert.match(unit, /^KillMode=mixed$/m);
  const example = read('deploy/systemd/environment.example');
  for (const [, name = ''] of example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)) {
    assert.ok(variables.includes(name), name);
  }
});

test('the example for Prometheus scrapes what is served, with the alerts beside it', () => {
  const [example] = documents('deploy/prometheus/scrape.yml') as unknown as [
    { rule_files: string[]; scrape_configs: { metrics_path?: string; scheme: string }[] },
  ];
  for (const name of example.rule_files) {
    assert.ok(existsSync(join(root, 'deploy/prometheus', name)), name);
  }
  const [job, ...more] = example.scrape_configs;
  assert.deepEqual(more, []);
  assert.equal(job?.metrics_path ?? '/metrics', '/metrics');
});
