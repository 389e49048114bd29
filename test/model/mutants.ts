/** Small changes of our rules, one at a time, to see that the model finds each. */

export interface Mutant {
  name: string;
  /** What it takes away, for the table. */
  rule: string;
  /** Of the scripts, all of them; else `file` says of which module. */
  lua?: true;
  file: string;
  from: string;
  to: string;
}

const desk = (name: string, rule: string, from: string, to: string): Mutant => ({
  name,
  rule,
  lua: true,
  file: 'src/state/scripts/',
  from,
  to,
});
const step = (name: string, rule: string, file: string, from: string, to: string): Mutant => ({
  name,
  rule,
  file: `src/${file}`,
  from,
  to,
});

export const mutants: readonly Mutant[] = [
  desk(
    'slot-given-twice',
    'the slot is given while somebody holds it',
    'if not slotIsFree() then return false end',
    '',
  ),
  desk(
    'slot-taken-by-own-message',
    "a caller's own message takes a slot that is held",
    "if not slotIsFree() or redis.call('LLEN', names.ring) > 0 then return 0 end",
    "if redis.call('LLEN', names.ring) > 0 then return 0 end",
  ),
  desk(
    'ring-does-not-turn',
    'who had a turn has the next one too',
    "redis.call('EXISTS', turnsKey(client)) == 1 then redis.call('RPUSH', names.ring, client) end",
    "redis.call('EXISTS', turnsKey(client)) == 1 then redis.call('LPUSH', names.ring, client) end",
  ),
  desk('newest-first', "a client's newest report comes first", 'ZPOPMIN', 'ZPOPMAX'),
  desk(
    'old-run-writes',
    'a run that was overtaken still writes',
    "or found[2] ~= given.run then return { 0, '' } end\nfor i = 1",
    "then return { 0, '' } end\nfor i = 1",
  ),
  desk(
    'claimed-without-turn',
    'a job that is left runs a report that stands in turn again',
    "if found[1] == 'queued' and not found[2] then return { {}, {} } end",
    '',
  ),
  desk(
    'requeued-with-slot',
    'a report that starts over keeps the slot',
    'release(id)\ndeactivate(id)\nfor _, client',
    'deactivate(id)\nfor _, client',
  ),
  desk('not-active', 'a granted report is not noted as active', 'activate(next)\n', ''),
  desk(
    'used-sent-again',
    'a used reference is sent again',
    "if record[6] then return { 'used', 0 } end",
    '',
  ),
  desk(
    'sent-twice-at-once',
    'a reference is sent again while it is under way',
    "if record[4] == 'sending' and now < deadline then",
    'if false then',
  ),
  desk(
    'joined-too-early',
    'a ready report of a day that was not over is joined',
    'if isLive(found[1]) or isFinal(found, given.processDate, given.now) then',
    'if isLive(found[1]) or found[1] == "ready" then',
  ),
  desk(
    'key-forgotten',
    'an idempotency key is not remembered',
    'remember(id)\nif slotIsFree()',
    'if slotIsFree()',
  ),
  desk(
    'cancelled-for-all',
    "one client's withdrawal cancels it for all",
    "if redis.call('SCARD', clientsKey(id)) == 0 then finish(",
    'if true then finish(',
  ),
  desk(
    'cancelled-at-mks',
    'a report that is on its way to MKS is cancelled',
    "or found[2] or found[3] then return 'sent' end",
    "then return 'sent' end",
  ),
  desk(
    'taken-back-from-mks',
    'a report that MKS may have, by a sending whose refId nobody knows, is cancelled',
    "or found[2] or found[3] then return 'sent' end",
    "or found[2] then return 'sent' end",
  ),
  step(
    'not-recorded',
    'a message leaves before it is recorded',
    'reports/life/request.ts',
    'await run.change({ set: { sending }, silent: true });',
    '',
  ),
  step(
    'slot-free-too-early',
    'the slot is free when MKS has accepted',
    'reports/life/request.ts',
    "remove: ['sending', 'waiting'],\n",
    "remove: ['sending', 'waiting'], releaseSlot: true,\n",
  ),
  step(
    'asked-anew',
    'a report is asked for anew when no answer came',
    'reports/life/request.ts',
    "if (messageId !== undefined || (error.outcome === 'not-sent' && !isResend)) {",
    'if (messageId !== undefined || true) {',
  ),
  step(
    'overtaken-goes-on',
    'a run that was overtaken goes on',
    'reports/life/run.ts',
    'if (updated === undefined) throw new RunSupersededError();',
    'if (updated === undefined) return;',
  ),
  step(
    'lost-jobs',
    'lost jobs are not found',
    'reports/life/sweeper.ts',
    'await deps.resumeLost(',
    'void (',
  ),
  step(
    'lost-slots',
    'slots that nobody was offered are not found',
    'reports/life/sweeper.ts',
    'for (const member of await store.idle(members)) await deps.schedule(member);',
    '',
  ),
  step(
    'started-over-again',
    'a report is started over more than once',
    'reports/life/ends.ts',
    "run.record.restarted === true || run.record.kind === 'follow'",
    "run.record.kind === 'follow'",
  ),
  step(
    'waits-for-an-hour',
    'a wait has no bound of a minute',
    'reports/life/retry.ts',
    'const waitMs = Math.min(Math.max(grown, why.atLeastMs ?? 0), LONGEST_WAIT_MS);',
    'const waitMs = Math.max(grown * 60, why.atLeastMs ?? 0);',
  ),
  step(
    'own-message-given-up',
    "a caller's own message lets go of the slot when no answer came",
    'reports/pass-through.ts',
    'if (isOver || !isSent) await',
    'if (isOver || isSent) await',
  ),
  step(
    'order-forgets-today',
    'a standing order leaves out the newest date',
    'orders/runs.ts',
    'back >= 0; back -= 1',
    'back > 0; back -= 1',
  ),
];

/** @throws RangeError for a name that is none's. */
export function findMutant(name: string | undefined): Mutant | undefined {
  if (name === undefined || name === '') return undefined;
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new RangeError(`no mutant ${name}`);
  return found;
}

export function exchanged(text: string, { from, to }: Mutant): string {
  return text.replaceAll(from, () => to);
}
