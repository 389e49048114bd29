/**
 * One token by PKCS #11: logged in to once, some sessions, signatures side by side.
 *
 * Only an HSM's own process comes here (program.ts): the vendor's library is native code, which may hang or
 * crash, and which as a rule finds a token that was away only when the process is another.
 */
import type pkcs11js from 'pkcs11js';
import type { Handle, PKCS11, TokenInfo } from 'pkcs11js';
import { defined } from '../../lib/defined.ts';
import type { HsmReason } from '../../lib/hsm.ts';
import { HsmError, type HsmPlace } from './messages.ts';
import { createSessions } from './sessions.ts';

type Driver = typeof pkcs11js;

export interface Token {
  /** RSASSA-PKCS1-v1_5 with SHA-256. @throws HsmError. */
  sign(keyLabel: string, bytes: Uint8Array): Promise<Uint8Array>;
}

/** RSA 16384: no key is longer. */
const MAX_SIGNATURE_BYTES = 2048;
/** As many of what a library or a token says of itself as a line of a log takes. */
const SHOWN_CHARACTERS = 200;

/** PKCS #11's failures that do not pass by themselves; all others mean that the HSM is away. */
const REASONS: Readonly<Record<string, HsmReason>> = {
  CKR_PIN_INCORRECT: 'pin-refused',
  CKR_PIN_INVALID: 'pin-refused',
  CKR_PIN_LEN_RANGE: 'pin-refused',
  CKR_PIN_EXPIRED: 'pin-refused',
  CKR_USER_PIN_NOT_INITIALIZED: 'pin-refused',
  CKR_PIN_LOCKED: 'pin-locked',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'key-unfit',
  CKR_KEY_TYPE_INCONSISTENT: 'key-unfit',
  CKR_KEY_SIZE_RANGE: 'key-unfit',
  CKR_MECHANISM_INVALID: 'key-unfit',
};

/**
 * Loads the library, finds the token and logs in.
 * @throws HsmError.
 */
export async function openToken({ module, tokenLabel, pin }: HsmPlace): Promise<Token> {
  const driver = await loadDriver();
  const library = new driver.PKCS11();
  try {
    library.load(module);
  } catch (error) {
    throw new HsmError({ reason: 'module-unusable', detail: printable(messageOf(error)) });
  }
  const slot = told(() => {
    library.C_Initialize({ flags: driver.CKF_OS_LOCKING_OK });
    return findSlot(library, tokenLabel);
  });
  const openSession = () => library.C_OpenSession(slot, driver.CKF_SERIAL_SESSION);
  const first = told(openSession);
  // One login opens all sessions of the process (PKCS #11, C_Login).
  told(() => {
    refuseRiskyLogin(driver, library.C_GetTokenInfo(slot));
    library.C_Login(first, driver.CKU_USER, pin);
  });
  const sessions = createSessions(first, openSession);
  const keys = new Map<string, Handle>();

  function keyOf(session: Handle, label: string): Handle {
    const key = keys.get(label) ?? findKey(driver, library, session, label);
    keys.set(label, key);
    return key;
  }

  return {
    sign: (keyLabel, bytes) =>
      sessions.use(async (session) => {
        const signing = told(() => {
          const key = keyOf(session, keyLabel);
          library.C_SignInit(session, { mechanism: driver.CKM_SHA256_RSA_PKCS }, key);
          const signature = Buffer.alloc(MAX_SIGNATURE_BYTES);
          return library.C_SignAsync(session, Buffer.from(bytes), signature);
        });
        return signing.catch((error: unknown) => {
          throw troubleOf(error);
        });
      }),
  };
}

/** @throws HsmError. */
async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import('pkcs11js');
    return driver;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new HsmError({ reason: 'driver-missing', ...defined({ detail: code }) });
  }
}

function findSlot(library: PKCS11, label: string): Handle {
  const tokens = library.C_GetSlotList(true).flatMap((slot) => {
    try {
      return [{ slot, label: library.C_GetTokenInfo(slot).label.trimEnd() }];
    } catch {
      // Another token's trouble is not ours.
      return [];
    }
  });
  const [found, ...others] = tokens.filter((token) => token.label === label);
  const detail = printable(tokens.map((token) => JSON.stringify(token.label)).join(', '));
  if (found === undefined) {
    throw new HsmError({ reason: 'no-token', detail: `found: ${detail === '' ? '-' : detail}` });
  }
  if (others.length > 0) throw new HsmError({ reason: 'several-tokens' });
  return found.slot;
}

/** Whoever restarts again and again with a wrong PIN must not lock the token. */
function refuseRiskyLogin(driver: Driver, { flags }: TokenInfo): void {
  if ((flags & driver.CKF_USER_PIN_LOCKED) !== 0) throw new HsmError({ reason: 'pin-locked' });
  if ((flags & driver.CKF_USER_PIN_FINAL_TRY) !== 0) throw new HsmError({ reason: 'pin-last-try' });
}

function findKey(driver: Driver, library: PKCS11, session: Handle, label: string): Handle {
  library.C_FindObjectsInit(session, [
    { type: driver.CKA_CLASS, value: driver.CKO_PRIVATE_KEY },
    { type: driver.CKA_LABEL, value: label },
  ]);
  const found = library.C_FindObjects(session, 2);
  library.C_FindObjectsFinal(session);
  const [key] = found;
  if (key === undefined) throw new HsmError({ reason: 'no-key' });
  if (found.length > 1) throw new HsmError({ reason: 'several-keys' });
  const [attribute] = library.C_GetAttributeValue(session, key, [
    { type: driver.CKA_ALWAYS_AUTHENTICATE },
  ]);
  if (Buffer.isBuffer(attribute?.value) && attribute.value[0] === 1) {
    throw new HsmError({ reason: 'key-unfit', detail: 'CKA_ALWAYS_AUTHENTICATE' });
  }
  return key;
}

/** @throws HsmError for whatever the library throws. */
function told<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof HsmError ? error : troubleOf(error);
  }
}

/** Of what the library says its name of the failure alone is told on. */
function troubleOf(error: unknown): HsmError {
  const [detail = 'failed'] = /CKR_[A-Z0-9_]+/.exec(messageOf(error)) ?? [];
  return new HsmError({ reason: REASONS[detail] ?? 'unreachable', detail });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function printable(text: string): string {
  return text.replaceAll(/\p{C}+/gu, ' ').slice(0, SHOWN_CHARACTERS);
}
