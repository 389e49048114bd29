/** Everything that the services, the faults and the control endpoints share. */
import type { KeyObject } from 'node:crypto';
import type { SandboxClock } from './clock.ts';
import type { Contract } from './contract.ts';
import type { Faults } from './faults/faults.ts';
import type { Journal } from './journal.ts';
import type { SandboxMember } from './files/members.ts';
import type { References } from './references.ts';
import type { Reports } from './reports/reports.ts';
import type { Settings } from './settings.ts';
import type { Tokens } from './tokens.ts';

export interface World {
  /** Of the made-up balances. */
  seed: string;
  clock: SandboxClock;
  settings: Settings;
  contract: Contract;
  members: ReadonlyMap<string, SandboxMember>;
  /** MKK's key for answers and tokens, and the certificate that members trust. */
  signingKey: KeyObject;
  certificatePem: string;
  /** Content-Type of signed answers; the upstream does not state it. */
  answerContentType: string;
  tokens: Tokens;
  references: References;
  reports: Reports;
  faults: Faults;
  journal: Journal;
  /** A new message number of MKS. */
  nextMessageId(): string;
}
