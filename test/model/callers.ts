/** Who asks in a world: in-house systems that ask again at another replica when theirs dies or cannot serve. */
import { MksError } from '../../src/mks/errors.ts';
import { balanceReport } from '../../src/mks/services/catalogue.ts';
import { toIstanbulDate } from '../../src/lib/dates.ts';
import { hasEnded } from '../../src/reports/record.ts';
import type { Report } from '../../src/reports/types.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { endedAt } from './history.ts';
import type { Ask, OwnMessage, Schedule } from './schedule.ts';
import type { Replica, World } from './stage.ts';

const RETRY_MS = 700;
const WAIT_MS = 20_000;
/** Of a caller's own message. */
const TRIES = 5;

/** What came of a call; nothing when its replica died under it or could not serve. */
type Came<T> = { value: T } | undefined;

/** Does it at some replica that lives; `use` runs in there. */
async function at<T>(world: World, use: (replica: Replica) => Promise<T>): Promise<Came<T>> {
  const replica = await world.someReplica();
  try {
    const value = await Promise.race([replica.died, world.inside(replica, () => use(replica))]);
    return value === 'died' ? undefined : { value };
  } catch (error) {
    if (error instanceof StateUnavailableError) return undefined;
    throw error;
  }
}

/** Again and again, as a person would. */
async function until<T>(world: World, use: (replica: Replica) => Promise<T>): Promise<T> {
  for (;;) {
    const came = await at(world, use);
    if (came !== undefined) return came.value;
    await world.sleep(RETRY_MS);
  }
}

export async function callerOf(world: World, ask: Ask): Promise<void> {
  await world.sleep(ask.atMs);
  const { history } = world;
  const { atMs: _, afterwards, afterMs, ...wanted } = ask;
  const asked = { ...wanted, filters: ask.isin === undefined ? {} : { isin: ask.isin } };
  const queue = { limit: 50, members: [ask.member] };
  let askedAt = 0;
  const result = await until(world, ({ desk }) => {
    askedAt = world.now();
    return desk.request({ ...asked, queue });
  });
  if (result.kind !== 'report') return history.note(world.now(), `${ask.client} ${result.kind}`);
  const { id } = result.report;
  history.accepted.push({ id, client: ask.client, at: world.now() });
  history.see(result.report, ask);
  checkAnswer(world, ask, result.report, askedAt);
  if (afterwards === 'leave') return;
  if (afterwards.startsWith('withdraw')) {
    if (afterwards === 'withdraw') await world.sleep(afterMs);
    else await untilInDoubt(world, id);
    const said = await until(world, ({ desk }) => desk.withdraw(id, ask.client));
    return history.note(world.now(), `withdraw ${id} ${said}`);
  }
  for (;;) {
    const signal = new AbortController().signal;
    const report = await until(world, ({ desk }) => desk.waitForEnd(id, WAIT_MS, signal));
    if (report === undefined) return;
    history.see(report, ask);
    if (hasEnded(report.state)) return readRows(world, report);
  }
}

/** Until it waits although it has had its turn, or waits no more. */
async function untilInDoubt(world: World, id: string): Promise<void> {
  for (;;) {
    const report = await until(world, ({ desk }) => desk.get(id));
    const isInDoubt = report?.waiting?.for === 'mks-busy';
    if (report?.state !== 'queued' || isInDoubt) return;
    await world.sleep(RETRY_MS);
  }
}

/** What it is told of has to be what it asked for, and final where it is there already. */
function checkAnswer(
  { history, upstream }: World,
  ask: Ask,
  report: Report,
  askedAt: number,
): void {
  const { id, member, processDate, filters, refId } = report;
  const same =
    member === ask.member && processDate === ask.processDate && filters.isin === ask.isin;
  if (!same) history.mistakes.push(`${ask.client} was given another report`);
  const made = upstream.reports.find((each) => each.refId === refId);
  const isFinal = made === undefined || toIstanbulDate(made.acceptedAt) > processDate;
  const known = history.reports.get(id);
  const wasReady = known !== undefined && endedAt(known) < askedAt;
  // A key stands for the report that it was first given, final or not.
  if (wasReady && !isFinal && ask.idempotencyKey === undefined) {
    history.mistakes.push(`${ask.client} was given a day that was not over`);
  }
}

/** Rows are as MKS made them, from whichever replica. */
async function readRows(world: World, report: Report): Promise<void> {
  if (report.state !== 'ready') return;
  const text = await until(world, async ({ desk }) => {
    const source = await desk.openRows(report);
    return Buffer.concat(await Array.fromAsync(source.bytes())).toString();
  }).catch((error: unknown) => `no rows: ${String(error)}`);
  world.history.rows.set(report.id, text);
}

export async function senderOf(world: World, message: OwnMessage): Promise<void> {
  const { client, member, zipPassword } = message;
  await world.sleep(message.atMs);
  const { history } = world;
  let senderReference: string | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const call = {
      member,
      service: balanceReport.name,
      body: { processDate: '20250505', fileType: 'json', zipPassword },
      client,
      signal: new AbortController().signal,
      ...(senderReference !== undefined && { senderReference }),
    };
    const said = await at(world, ({ passThrough }) => passThrough.call(call)).catch(
      (error: unknown) => {
        if (error instanceof MksError) return error;
        throw error;
      },
    );
    history.note(world.now(), `own message ${said instanceof MksError ? said.code : typeof said}`);
    const isAnswered = said !== undefined && !(said instanceof MksError);
    if (isAnswered && !message.insists) return;
    if (said instanceof MksError) senderReference = said.details.senderReference ?? senderReference;
    else if (said?.value.kind === 'message') ({ senderReference } = said.value);
    await world.sleep(message.pauseMs);
  }
}

/** Pauses a member for a while, and sees to it that both are done. */
export async function operatorOf(world: World, pause: Schedule['pauses'][number]): Promise<void> {
  const { member, atMs, ms } = pause;
  await world.sleep(atMs);
  await until(world, ({ desk }) => desk.pause(member));
  await world.sleep(ms);
  await until(world, ({ desk }) => desk.resume(member));
}
