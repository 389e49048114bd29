/** What the environment says of checks of ledgers. */
import { resolve } from 'node:path';
import { defined } from '../lib/defined.ts';
import type { Environment } from './environment.ts';

export interface CheckSettings {
  /** How many days they are kept. */
  checkRetentionDays: number;
  /** Absolute path. */
  checkProfilesFile?: string;
}

export function readCheckSettings(raw: Environment): CheckSettings {
  const { CHECK_RETENTION_DAYS: checkRetentionDays, CHECK_PROFILES_FILE: file } = raw;
  return {
    checkRetentionDays,
    ...defined({ checkProfilesFile: file === undefined ? undefined : resolve(file) }),
  };
}
