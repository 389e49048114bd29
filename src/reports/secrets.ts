/** A report's own secrets: made when it is accepted, kept sealed in its record, gone with it. */
import { randomBytes, randomInt } from 'node:crypto';
import { stateful } from '../state/connection.ts';
import { endsOfIndex, type Sampler } from '../state/samples.ts';
import type { Sealer } from '../state/sealing.ts';
import { ReportGoneError } from './errors.ts';
import type { StoredReport } from './record.ts';

export interface Secrets {
  zipPassword: string;
  /** 32 bytes; the keys of the spooled files derive from it. */
  spoolKey: Buffer;
}

export interface ReportSecrets {
  /** New secrets, sealed, for a record's `secret`. */
  make(member: string, id: string): string;
  /** @throws ReportGoneError when the record has none, or none that a key at hand opens. */
  open(record: StoredReport): Secrets;
  /** Whether a key at hand opens them. */
  canOpen(record: StoredReport): boolean;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PASSWORD_LENGTH = 32;
/** MKS 5.1.2: a capital letter and a digit, 8 to 50 characters. */
const PASSWORD_RULE = /^(?=.*[A-Z])(?=.*\d).+$/;

/** What a report's secrets are sealed for. */
const purposeOf = (id: string): string => `report ${id}`;

/** The secrets of some of a member's reports, by which the sealing keys are tried. */
export const sampleReports: Sampler = async ({ redis, keys }, memberCode) => {
  const ids = await endsOfIndex(redis, keys.reportIndex(memberCode));
  const found = ids.map(async (id) => {
    const sealed = await stateful(redis.hget(keys.report(id), 'secret'));
    return sealed ? [{ memberCode, purpose: purposeOf(id), sealed }] : [];
  });
  return (await Promise.all(found)).flat();
};

export function createReportSecrets(sealer: Sealer): ReportSecrets {
  function unseal({ id, member, secret }: StoredReport): string {
    if (secret === undefined) throw new ReportGoneError();
    try {
      return sealer.open(member, purposeOf(id), secret).toString();
    } catch (error) {
      // Without its secrets nothing of it can be read, neither here nor when fetched again.
      throw new ReportGoneError(error);
    }
  }

  return {
    make(member, id) {
      const secrets = {
        zipPassword: makeZipPassword(),
        spoolKey: randomBytes(32).toString('base64'),
      };
      return sealer.seal(member, purposeOf(id), JSON.stringify(secrets));
    },
    canOpen(record) {
      try {
        unseal(record);
        return true;
      } catch {
        return false;
      }
    },
    open(record) {
      const secrets = JSON.parse(unseal(record)) as { zipPassword: string; spoolKey: string };
      return {
        zipPassword: secrets.zipPassword,
        spoolKey: Buffer.from(secrets.spoolKey, 'base64'),
      };
    },
  };
}

/** 190 random bits by MKS's rule; letters and digits only, since not every unzipper takes more. */
export function makeZipPassword(): string {
  for (;;) {
    const characters = Array.from(
      { length: PASSWORD_LENGTH },
      () => ALPHABET[randomInt(ALPHABET.length)],
    );
    const password = characters.join('');
    if (PASSWORD_RULE.test(password)) return password;
  }
}
