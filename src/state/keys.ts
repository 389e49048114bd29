/** The name of every Redis key, in one place. */

export type Keys = ReturnType<typeof createKeys>;

/** What the desk's scripts are given of a member's keys; those that end in `:` are continued there. */
export type DeskKeys = ReturnType<typeof deskKeys>;

/**
 * @param prefix what every key starts with; one per gateway installation (and per test).
 * @returns one function a key; member codes are `[A-Z0-9]{3,8}`, so no name can run into another.
 */
export function createKeys(prefix = 'mks:') {
  return {
    ...memberKeys(prefix),
    ...reportKeys(prefix),
    ...journalKeys(prefix),
    /** Hash, 400 days: what became of a standing order's days, by their dates. */
    orderDays: (order: string) => `${prefix}order:${order}:days`,
    /** Hash: notices that callers wait for, by report, client and target. */
    notices: `${prefix}notices`,
    /** Sorted set: their ids by the wall ms at which each is tried next. */
    noticesDue: `${prefix}notices-due`,
    /** Set: dates that an operator wants made although they are not due. */
    orderWanted: (order: string) => `${prefix}order:${order}:wanted`,
    /** A member's part of the desk, by the names that its scripts call it. */
    desk: (memberCode: string) => deskKeys(prefix, memberCode),
    /** Hash, 24 h: what a client's idempotency key stands for. */
    idempotency: (client: string, keyDigest: string) =>
      `${prefix}idempotency:${client}:${keyDigest}`,
    /** Sorted set, 24 h: a client's idempotency keys by the wall ms at which each is forgotten. */
    idempotencyKeys: (client: string) => `${prefix}idempotency-keys:${client}`,
    /** String, a minute: how many requests an API client has made; what the limiter's keys start with. */
    rateLimit: `${prefix}rate:`,
    /** String, a millisecond: whether Redis takes writes. */
    healthProbe: `${prefix}health`,
    /** What BullMQ's own keys start with. */
    jobs: `${prefix}jobs`,
  };
}

/** What a member's replicas share: its references, its token and login, its keys. */
function memberKeys(prefix: string) {
  return {
    /** String, never expires: how many references the member has been issued. */
    counter: (memberCode: string) => `${prefix}counter:${memberCode}`,
    /** Hash, 48 h: one issued reference, found by its random part. See scripts/references/issue.lua. */
    reference: (memberCode: string, randomPart: string) =>
      `${prefix}reference:${memberCode}:${randomPart}`,
    /** String, the token's life: the sealed token. */
    token: (memberCode: string) => `${prefix}token:${memberCode}`,
    /** String, the longest login: the owner id of the process that is logging in. */
    loginLock: (memberCode: string) => `${prefix}login-lock:${memberCode}`,
    /** List, a minute: when the member last logged in. See scripts/tokens/permit-login.lua. */
    logins: (memberCode: string) => `${prefix}logins:${memberCode}`,
    /** Hash, the pause and an hour: the last refused login. See scripts/tokens/refuse-login.lua. */
    loginRefusal: (memberCode: string) => `${prefix}login-refusal:${memberCode}`,
  };
}

/** Reports: each by itself, and all of them by member, by state and by what is due. */
function reportKeys(prefix: string) {
  return {
    /** Hash: one report; see reports/record.ts. */
    report: (id: string) => `${prefix}report:${id}`,
    /** Sorted set: a member's reports by the time of their creation. */
    reportIndex: (memberCode: string) => `${prefix}reports:${memberCode}`,
    /** Sorted set: those of them in one state. */
    reportsInState: (memberCode: string, state: string) =>
      `${prefix}reports:${memberCode}:${state}`,
    /** List: how long the member's last reports took, the newest first, in milliseconds. */
    durations: (memberCode: string) => `${prefix}durations:${memberCode}`,
    /** List: how long MKS took to make them, in the same way. */
    preparations: (memberCode: string) => `${prefix}preparations:${memberCode}`,
    /** String, while operators pause the member. */
    paused: (memberCode: string) => `${prefix}desk:${memberCode}:paused`,
    /** Set of `member id`: reports that were granted the slot and have not ended. */
    activeReports: `${prefix}reports-active`,
    /** Sorted set of `member id` by the time at which something is due. */
    reportExpiry: `${prefix}reports-expiry`,
    /** Channel: `member id` of a report that changed. */
    wakeChannel: `${prefix}wake`,
  };
}

function deskKeys(prefix: string, memberCode: string) {
  const reports = reportKeys(prefix);
  const desk = `${prefix}desk:${memberCode}`;
  return {
    /** Continued by a report's id. */
    report: reports.report(''),
    /** Continued by a report's id: set of the clients that want it. */
    clients: `${prefix}report-clients:`,
    /** List of clients whose turn comes. */
    ring: `${desk}:ring`,
    /** Continued by a client: sorted set of its report ids by their place in its own order. */
    turns: `${desk}:order:`,
    /** Number: the last place that was given. */
    sequence: `${desk}:sequence`,
    /** Sorted set: reports that wait for their turn, by the time of their creation. */
    waiting: `${desk}:waiting`,
    /** Set: the member's part of `active`, so that it need not be counted. */
    holding: `${desk}:holding`,
    /** Hash: holder, since. */
    slot: `${desk}:slot`,
    /** Hash: join key → report id. */
    joins: `${desk}:joins`,
    paused: reports.paused(memberCode),
    index: reports.reportIndex(memberCode),
    /** Continued by a state. */
    states: reports.reportsInState(memberCode, ''),
    active: reports.activeReports,
    expiry: reports.reportExpiry,
    wake: reports.wakeChannel,
    durations: reports.durations(memberCode),
    preparations: reports.preparations(memberCode),
    /** String: that the member's keys are those of this version. */
    layout: `${desk}:layout`,
    /** Continued by a client: the lists that 0.1.0 kept in the place of `turns`. */
    turnLists: `${desk}:turns:`,
  };
}

/** The member's exchanges with MKS, each for 30 days. */
function journalKeys(prefix: string) {
  return {
    /** Sorted set: ids of the member's journal entries by the wall ms of their first time. */
    journalIndex: (memberCode: string) => `${prefix}journal:${memberCode}:index`,
    /** Hash: a journal entry by its id. See scripts/journal/write.lua. */
    journalEntries: (memberCode: string) => `${prefix}journal:${memberCode}:entries`,
    /** Hash: the ids of the entries under a senderReference. */
    journalReferences: (memberCode: string) => `${prefix}journal:${memberCode}:references`,
    /** String: how many bytes the member's journal takes. */
    journalBytes: (memberCode: string) => `${prefix}journal:${memberCode}:bytes`,
  };
}
