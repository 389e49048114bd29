/** What operators see, over a desk in memory: the same code as in production, one configured member. */
import type { Clock } from '../../src/lib/clock.ts';
import type { Member } from '../../src/lib/credentials.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { createOperations } from '../../src/operations/index.ts';
import type { Desk } from '../../src/reports/types.ts';
import { makeIdentity } from './identities.ts';

const always = { startMinute: 0, endMinute: 1440 };
const identity = await makeIdentity();

function member(memberCode: string): Member {
  return {
    memberCode,
    userCode: `${memberCode}991`,
    password: 'Secret1!',
    passwordChangedOn: '2025-01-15',
    referencePrefix: 'GW',
    identity,
  };
}

export function createMemoryOperations(
  desk: Pick<Desk, 'queue'>,
  clock: Clock,
  memberCodes: readonly string[] = ['TIB'],
) {
  const members = new Map(memberCodes.map((code) => [code, member(code)]));
  return createOperations({
    credentials: () => ({ members, trustedCertificates: [] }),
    hours: createServiceHours({ 1: always, 2: always, 3: always, 4: always }, clock),
    clock,
    tokenState: async () => ({ expiresAt: clock.now() + 3_600_000 }),
    queue: (code) => desk.queue(code),
    orders: async () => [],
    tlsCertificate: () => undefined,
    refusedFiles: () => [],
    dataDir: '.',
    trail: { look: async () => undefined, unstamped: () => 0 },
  });
}
