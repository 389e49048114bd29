/** What must hold of each history, whatever happened in it. */
import { endedAt, hasEnded, stateOf, type Known } from './history.ts';
import type { UpstreamReport } from './services.ts';
import type { Request } from './upstream.ts';
import type { World } from './stage.ts';

/** @returns what does not hold, in words. */
export function judge(world: World): string[] {
  return [
    ...world.history.mistakes,
    ...ends(world),
    ...withdrawals(world),
    ...overlaps(world),
    ...references(world),
    ...rows(world),
    ...order(world),
    ...days(world),
  ];
}

const NEXT: Record<string, readonly string[]> = {
  none: ['queued'],
  queued: ['queued', 'preparing', 'failed', 'cancelled', 'expired'],
  preparing: ['preparing', 'queued', 'ready', 'failed', 'expired'],
  ready: ['expired'],
};

/** Every accepted report ends, once; what has ended stays so. */
function ends({ history }: World): string[] {
  const wrong: string[] = [];
  for (const [id, known] of history.reports) {
    if (!hasEnded(known)) wrong.push(`${id} has not ended: ${stateOf(known)}`);
    for (const { from, to } of known.states) {
      if (NEXT[from]?.includes(to) !== true) wrong.push(`${id} went from ${from} to ${to}`);
    }
    const restarts = known.states.filter(({ from, to }) => from === 'preparing' && to === 'queued');
    if (restarts.length > 1) wrong.push(`${id} was started over ${restarts.length} times`);
  }
  for (const { id, client } of history.accepted) {
    if (!history.reports.has(id)) wrong.push(`${client}'s ${id} was never there`);
  }
  for (const seen of history.seen.values()) {
    const versions = seen.map(({ version }) => version);
    if (versions.toSorted((one, other) => one - other).join() !== versions.join()) {
      wrong.push(`${seen[0]?.id} was seen to go back`);
    }
  }
  return wrong;
}

/** Taken back by all who wanted it, and MKS has never had it; nobody has it twice by one key. */
function withdrawals(world: World): string[] {
  const { reports } = world.history;
  const wrong: string[] = [];
  const once = new Map<string, number>();
  for (const [id, known] of reports) {
    const { isin = '' } = known.record.filters;
    if (isin.startsWith('TRAONLY')) once.set(isin, (once.get(isin) ?? 0) + 1);
    const isAtMks = isWithMks(world, id, known);
    if (stateOf(known) === 'cancelled' && isAtMks) wrong.push(`${id} was cancelled at MKS`);
    if (known.cancelledFor.length > 0)
      wrong.push(`${id} was cancelled for ${known.cancelledFor.join()}`);
    const isGivenUp = known.record.kind === 'follow' && stateOf(known) === 'failed';
    const wasFollowed = known.states.some(({ to }) => to === 'preparing');
    if (isGivenUp && isAtMks && !wasFollowed) wrong.push(`${id} was given up while MKS had it`);
  }
  for (const [isin, count] of once) if (count > 1) wrong.push(`${isin} is there ${count} times`);
  return wrong;
}

/** MKS has, or has made, what was asked for since it was last started over; what was asked before, if it still makes it. */
function isWithMks(world: World, id: string, { states }: Known): boolean {
  const started =
    states.findLast(({ from, to }) => from === 'preparing' && to === 'queued')?.at ?? 0;
  const lastAt = states.at(-1)?.at ?? 0;
  return upstreamOf(world, id).some(
    ({ end, acceptedAt, madeAt }) => end !== 'gone' && (acceptedAt >= started || madeAt > lastAt),
  );
}

/** Whose a report of MKS is, by what was last recorded to be on its way under its reference. */
function ownerOf(
  { history }: World,
  { reference, acceptedAt }: UpstreamReport,
): string | undefined {
  return history.sendings.findLast((each) => each.reference === reference && each.at <= acceptedAt)
    ?.report;
}

/** What MKS has taken of a report of ours. */
function upstreamOf(world: World, id: string): UpstreamReport[] {
  return world.upstream.reports.filter((report) => ownerOf(world, report) === id);
}

/** No two reports of a member are with MKS at once, unless the gateway had given the first one up. */
function overlaps(world: World): string[] {
  const { history, upstream } = world;
  return upstream.overlaps.flatMap(({ at, member, first, second }) => {
    const report = upstream.reports.find(({ refId }) => refId === first);
    const known = history.reports.get((report && ownerOf(world, report)) ?? '');
    if (known !== undefined && endedAt(known) <= at) return [];
    return [`${member}: ${second} began beside ${first}`];
  });
}

/** Each message is recorded, and goes again only as rule 1 has it. */
function references(world: World): string[] {
  const { history, upstream } = world;
  const wrong = history.sendings
    .filter(({ state }) => state !== 'queued')
    .map(({ report, state }) => `${report} was about to be asked for although it was ${state}`);
  const lastOf = new Map<string, Request>();
  for (const request of upstream.requests) {
    const { reference, password } = request;
    if (recordOf(world, request) === undefined) wrong.push(`${reference} came unrecorded`);
    const last = lastOf.get(password);
    // A caller may well send his own message anew.
    const isSame = last && recordOf(world, last)?.report === recordOf(world, request)?.report;
    if (last !== undefined && (isSame === true || last.reference === reference))
      wrong.push(...again(world, last, request));
    lastOf.set(password, request);
  }
  return wrong;
}

function recordOf({ history }: World, { reference, at }: Request) {
  return history.sendings.findLast((each) => each.reference === reference && each.at <= at);
}

/** From where to where a message can be on its way. */
const ON_ITS_WAY_MS = 50;

/** What a report's next message may not be. */
function again(world: World, last: Request, { at, reference }: Request): string[] {
  const { history, schedule, answers } = world;
  const isAnswered = answers.some(
    (each) => each.reference === last.reference && each.at >= last.at && each.at <= at,
  );
  if (last.reference !== reference) {
    return isAnswered ? [] : [`${reference} came while nobody knew of ${last.reference}`];
  }
  const wrong = [];
  const usedAt = history.used.get(reference) ?? Number.POSITIVE_INFINITY;
  if (usedAt + ON_ITS_WAY_MS < at) wrong.push(`${reference} came again after its answer`);
  const begun = history.begun.findLast(
    (each) => each.reference === reference && each.at <= last.at,
  );
  const until = (begun?.at ?? 0) + schedule.requestTimeoutMs;
  if (!isAnswered && at < until) wrong.push(`${reference} came again while it was under way`);
  return wrong;
}

/** The rows of a ready report are those that MKS made for just that. */
function rows(world: World): string[] {
  const { history } = world;
  return [...history.rows].flatMap(([id, text]) => {
    const known = history.reports.get(id);
    if (known === undefined) return [];
    const { member, processDate, filters } = known.record;
    const isOwn = upstreamOf(world, id).some((report) => report.rows === text);
    return isOwn ? [] : [`${id} (${member} ${processDate} ${filters.isin ?? ''}) has other rows`];
  });
}

/** Each client's reports in their order, and clients in turn. */
function order({ history }: World): string[] {
  const calm = [...history.reports.values()].filter(
    ({ isDisturbed, grants, askers }) => !isDisturbed && grants.length === 1 && askers.size === 1,
  );
  return calm.flatMap((first) =>
    calm.flatMap((later) => [
      ...overtaken(first, later),
      ...skipped(history.reports, first, later),
    ]),
  );
}

const grantOf = ({ grants }: Known): number => grants[0] ?? Number.POSITIVE_INFINITY;
const askOf = ({ askers }: Known): number => [...askers.values()][0] ?? 0;
const clientOf = ({ askers }: Known): string => [...askers.keys()][0] ?? '';

/** Of one client, who asked later was granted before. */
function overtaken(first: Known, later: Known): string[] {
  const isSame = clientOf(first) === clientOf(later) && first.record.member === later.record.member;
  const isOvertaken = isSame && askOf(first) < askOf(later) && grantOf(later) < grantOf(first);
  return isOvertaken
    ? [`${later.record.id} overtook ${first.record.id} of ${clientOf(first)}`]
    : [];
}

/** A client was granted twice while another one waited all the time. */
function skipped(all: ReadonlyMap<string, Known>, first: Known, second: Known): string[] {
  const client = clientOf(first);
  const isPair = client === clientOf(second) && first.record.member === second.record.member;
  if (!isPair || grantOf(first) >= grantOf(second)) return [];
  const of = [...all.values()].filter(({ record }) => record.member === first.record.member);
  return of.flatMap((waiting) => {
    const other = clientOf(waiting);
    const waited = askOf(waiting) < grantOf(first) && grantOf(waiting) > grantOf(second);
    const isCalm = waiting.askers.size === 1 && waiting.grants.length === 1 && !waiting.isDisturbed;
    if (!isCalm || other === client || !waited) return [];
    const hadTurn = of.some(
      ({ askers, grants }) =>
        askers.has(other) && grants.some((at) => at > grantOf(first) && at < grantOf(second)),
    );
    return hadTurn ? [] : [`${client} had two turns while ${other} waited`];
  });
}

/** Each date of the standing order was asked for once more only where its report came to nothing, and is there. */
function days({ history, days: dates }: World): string[] {
  return dates.flatMap(({ processDate, state, report = '', rows: count, asks }) => {
    const known = history.reports.get(report);
    const of = [...history.reports.values()].filter(
      ({ record, askers }) => askers.has('order:nightly') && record.processDate === processDate,
    );
    const failed = of.filter((each) => ['failed', 'expired'].includes(stateOf(each)));
    const wrong = [];
    if (of.length > failed.length + 1)
      wrong.push(`${processDate} was asked for ${of.length} times`);
    if (asks > failed.length + 1) wrong.push(`${processDate} took ${asks} asks`);
    if (state === 'failed' && failed.length === 0) wrong.push(`${processDate} failed by itself`);
    if (state !== 'ready') return wrong;
    const isThere = known !== undefined && ['ready', 'expired'].includes(stateOf(known));
    if (!isThere || known.record.processDate !== processDate)
      wrong.push(`${processDate} is not there`);
    if (count === undefined) wrong.push(`${processDate} has no rows`);
    return wrong;
  });
}
