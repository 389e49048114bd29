/** What members sign with: each key signs a probe, which the key of its certificate has to verify. */
import { randomBytes, verify } from 'node:crypto';
import {
  signingIdentity,
  type Credentials,
  type Identity,
  type Signer,
} from '../../src/lib/credentials.ts';
import { SigningError } from '../../src/lib/hsm.ts';
import { SIGNING_FAULTS } from '../../src/lib/signing-faults.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

const PROBE_BYTES = 512;
/** Every message to MKS waits for its signature; one takes milliseconds. */
const SLOW_MS = 500;

/** One finding for each identity that signs or is to sign later; what cannot sign has been told already. */
export async function* examineSigning(
  { members }: Credentials,
  nowMs: number,
): AsyncGenerator<Finding> {
  for (const member of members.values()) {
    const { memberCode, next } = member;
    const identities: (Identity | undefined)[] = [signingIdentity(member, nowMs)];
    if (next !== undefined && next.validFrom > nowMs) identities.push(next);
    for (const identity of identities) {
      if (identity === undefined || 'fault' in identity) continue;
      const found = await explainProbe(identity.signer, identity.certificate.publicKey);
      yield { check: 'signing-key', member: memberCode, ...found };
    }
  }
}

async function explainProbe(signer: Signer, publicKey: Signer['publicKey']) {
  const probe = randomBytes(PROBE_BYTES);
  const begun = performance.now();
  try {
    const signature = await signer.sign(probe);
    const tookMs = Math.max(1, Math.round(performance.now() - begun));
    if (!verify('sha256', probe, publicKey, signature)) {
      return failure(
        'operator',
        'what it signs does not verify with its certificate',
        'attığı imza sertifikasıyla doğrulanmıyor',
      );
    }
    const place = PLACES[signer.kind];
    const en = `${place.en}; a probe is signed in ${tookMs} ms and verifies`;
    const tr = `${place.tr}; deneme imzası ${tookMs} ms sürdü ve doğrulandı`;
    if (tookMs <= SLOW_MS) return ok(en, tr);
    return warning('operator', `${en}: every message waits so long`, `${tr}: her mesaj bekler`);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    const { en, tr } = SIGNING_FAULTS[error.fault];
    return failure('operator', en, tr);
  }
}

const PLACES = {
  file: { en: 'in a file', tr: 'dosyada' },
  hsm: { en: 'in an HSM', tr: 'HSM’de' },
} as const;
