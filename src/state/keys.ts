/** The name of every Redis key, in one place. */

export type Keys = ReturnType<typeof createKeys>;

/**
 * @param prefix what every key starts with; one per gateway installation (and per test).
 * @returns one function a key; member codes are `[A-Z0-9]{3,8}`, so no name can run into another.
 */
export function createKeys(prefix = 'mks:') {
  return {
    /** String, never expires: how many references the member has been issued. */
    counter: (memberCode: string) => `${prefix}counter:${memberCode}`,
    /** Hash, 48 h: one issued reference, found by its random part. See scripts/issue-reference.ts. */
    reference: (memberCode: string, randomPart: string) =>
      `${prefix}reference:${memberCode}:${randomPart}`,
    /** String, the token's life: the sealed token. */
    token: (memberCode: string) => `${prefix}token:${memberCode}`,
    /** String, the longest login: the owner id of the process that is logging in. */
    loginLock: (memberCode: string) => `${prefix}login-lock:${memberCode}`,
    /** List, a minute: when the member last logged in. See scripts/permit-login.ts. */
    logins: (memberCode: string) => `${prefix}logins:${memberCode}`,
    /** Hash: earlier sealing keys, sealed; see key-ring.ts. */
    sealingKeys: (memberCode: string) => `${prefix}sealing-keys:${memberCode}`,
    /** Hash, the pause and an hour: the last refused login. See scripts/refuse-login.ts. */
    loginRefusal: (memberCode: string) => `${prefix}login-refusal:${memberCode}`,
    /** What the desk's scripts build their keys from; see `deskKeysLua`. */
    prefix,
    /** Hash: one report; see reports/record.ts. */
    report: (id: string) => `${prefix}report:${id}`,
    /** Sorted set: a member's reports by the time of their creation. */
    reportIndex: (memberCode: string) => `${prefix}reports:${memberCode}`,
    /** String, while operators pause the member. */
    paused: (memberCode: string) => `${prefix}desk:${memberCode}:paused`,
    /** Hash, 24 h: what a client's idempotency key stands for. */
    idempotency: (client: string, keyDigest: string) =>
      `${prefix}idempotency:${client}:${keyDigest}`,
    /** Set of `member id`: reports that were granted the slot and have not ended. */
    activeReports: `${prefix}reports-active`,
    /** Sorted set of `member id` by the time at which something is due. */
    reportExpiry: `${prefix}reports-expiry`,
    /** Channel: `member id` of a report that changed. */
    wakeChannel: `${prefix}wake`,
    /** Sorted set, 30 days: ids of the member's journal entries by the wall ms of their first time. */
    journalIndex: (memberCode: string) => `${prefix}journal:${memberCode}:index`,
    /** Hash, 30 days: a journal entry by its id. See scripts/write-journal.ts. */
    journalEntries: (memberCode: string) => `${prefix}journal:${memberCode}:entries`,
    /** Hash, 30 days: the ids of the entries under a senderReference. */
    journalReferences: (memberCode: string) => `${prefix}journal:${memberCode}:references`,
    /** String, 30 days: how many bytes the member's journal takes. */
    journalBytes: (memberCode: string) => `${prefix}journal:${memberCode}:bytes`,
    /** String, a minute: how many requests an API client has made; what the limiter's keys start with. */
    rateLimit: `${prefix}rate:`,
    /** String, a millisecond: whether Redis takes writes. */
    healthProbe: `${prefix}health`,
    /** What BullMQ's own keys start with. */
    jobs: `${prefix}jobs`,
  };
}

/**
 * The same names inside the desk's Lua scripts (ARGV[1] = prefix, ARGV[2] = member), with those
 * that only the scripts use: the ring of clients, each client's list, the slot and the joins.
 */
export const deskKeysLua = `
local p, member = ARGV[1], ARGV[2]
local function reportKey(id) return p .. 'report:' .. id end
local function clientsKey(id) return p .. 'report-clients:' .. id end
local desk = p .. 'desk:' .. member
local function turnsKey(client) return desk .. ':turns:' .. client end
local ringKey, slotKey, joinsKey = desk .. ':ring', desk .. ':slot', desk .. ':joins'
local pausedKey, indexKey = desk .. ':paused', p .. 'reports:' .. member
local activeKey, expiryKey = p .. 'reports-active', p .. 'reports-expiry'
local wakeChannel = p .. 'wake'
`;
