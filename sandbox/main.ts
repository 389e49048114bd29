/** `npm run sandbox`: starts the sandbox by its environment and serves until SIGINT or SIGTERM. */
import { resolve } from 'node:path';
import { readEnvironment } from './environment.ts';
import { startSandbox, type Sandbox } from './index.ts';

try {
  const sandbox = await startSandbox(readEnvironment(process.env));
  announce(sandbox);
  let closing: Promise<void> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void (closing ??= sandbox.close()));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** The environment of a gateway that talks to this sandbox. */
function announce(sandbox: Sandbox): void {
  const { url, membersFile, trustedCertificateFile, caFile } = sandbox;
  const codes = [...sandbox.members.keys()].join(', ');
  console.log(
    `The MKS sandbox listens on ${url} for ${codes}. The gateway's environment for it:\n`,
  );
  console.log(`MKS_BASE_URL=${url}`);
  if (caFile !== undefined) console.log(`MKS_CA_FILE=${resolve(caFile)}`);
  console.log(`MKS_MEMBERS_FILE=${resolve(membersFile)}`);
  console.log(`MKS_TRUSTED_CERTIFICATES_FILE=${resolve(trustedCertificateFile)}`);
  console.log(`\nSteer it under ${url}/_sandbox/: clock, hours, shape, faults, log, stats.`);
}
