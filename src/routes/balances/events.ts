/** `GET /balances/{id}/events`: each change of a report as a server-sent event, until it has ended. */
import { Type } from 'typebox';
import type { Report } from '../../reports/types.ts';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { createPlaces, type Places } from '../../lib/places.ts';
import { ProblemError } from '../../problems.ts';
import { callerOf, findReport } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportDocument } from '../request/report-document.ts';
import { requireChunks, sendStream } from '../request/send.ts';
import type { App, EdgeDeps } from '../types.ts';
import { endOfInterest, isLive } from '../request/waiting.ts';
import { answer } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { READY_EXAMPLE } from '../../schemas/report-examples.ts';
import { NOTHING, ON_REPORT, ReportParams, tags } from '../../schemas/report-parts.ts';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;
/** Of one client and process. Whoever follows a queue looks again at each change of it, once a second. */
const STREAMS_OF_CLIENT = 100;
/** A report takes MKS seconds to minutes, and each that ends gives a place back. */
const STREAMS_RETRY_MS = 30_000;
const TOO_MANY_STREAMS = {
  en: `The client follows ${STREAMS_OF_CLIENT} reports here already. \`GET /balances/{id}\` tells the same.`,
  tr: `İstemci burada zaten ${STREAMS_OF_CLIENT} rapor izliyor. Aynısını \`GET /balances/{id}\` da bildirir.`,
};

const endpoint = {
  schema: {
    operationId: 'followBalances',
    tags,
    summary: 'Follow a report',
    description:
      'Server-sent events named `report`, one for each change and at most one a second, until the ' +
      'report has ended; the id of an event is the version of the report. A client follows ' +
      `${STREAMS_OF_CLIENT} at a time in each process.\n\n` +
      'Raporun değişikliklerini olay olarak bildirir.',
    params: ReportParams,
    querystring: NOTHING,
    headers: Type.Object({
      'Last-Event-ID': Type.Optional(Type.String({ description: 'Sent by browsers' })),
    }),
    response: {
      200: answer(
        'Events. Olaylar.',
        {
          'text/event-stream': {
            schema: Type.String(),
            example: `id: 4\nevent: report\ndata: ${JSON.stringify(READY_EXAMPLE)}\n\n`,
          },
        },
        { 'X-Accel-Buffering': { type: 'string', description: '`no`: proxies let events pass' } },
      ),
      204: { description: 'There will be no more events. Başka olay olmayacak.', type: 'null' },
      ...problemAnswers(ON_REPORT),
    },
  },
};

export function followBalances(app: App, deps: EdgeDeps): void {
  const streams = createPlaces(STREAMS_OF_CLIENT);
  app.get('/balances/:id/events', endpoint, async (request, reply) => {
    requireChunks(request);
    const signal = endOfInterest(reply, deps.shutdown);
    enter(streams, callerOf(request).name, signal);
    const report = await findReport(deps, request, request.params.id);
    // A browser that reconnects after the last event is told in its own way that there is no more.
    if (!isLive(report) && request.headers['last-event-id'] === String(report.version)) {
      return reply.code(204).send();
    }
    const language = preferredLanguage(request.headers['accept-language']);
    const write = (state: Report) =>
      `id: ${state.version}\nevent: report\n` +
      `data: ${JSON.stringify(reportDocument(state, language, problemContext(deps)))}\n\n`;
    reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no');
    return sendStream(request, reply, () =>
      withHeartbeats(deps.desk.follow(report.id, signal), write, signal),
    );
  });
}

/**
 * Takes one of the client's places until the signal, which comes with every end of an answer.
 * @throws ProblemError `rate-limited`.
 */
function enter(streams: Places, client: string, signal: AbortSignal): void {
  const leave = streams.take(client);
  if (leave === undefined) {
    const retryAfterMs = STREAMS_RETRY_MS;
    throw new ProblemError('rate-limited', { detail: TOO_MANY_STREAMS, retryAfterMs });
  }
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
}

/** The changes as events, with a comment now and then so that nobody takes the line for dead. */
async function* withHeartbeats(
  changes: AsyncIterable<Report>,
  write: (report: Report) => string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield `retry: ${RECONNECT_MS}\n\n`;
  const iterator = changes[Symbol.asyncIterator]();
  const next = async () => {
    try {
      return await iterator.next();
    } catch (error) {
      if (signal.aborted) return { done: true, value: undefined } as const;
      throw error;
    }
  };
  let pending = next();
  for (;;) {
    const result = await orHeartbeat(pending);
    if (result === 'heartbeat') {
      yield ': still here\n\n';
      continue;
    }
    if (result.done === true) return;
    yield write(result.value);
    if (!isLive(result.value)) return;
    pending = next();
  }
}

async function orHeartbeat<T>(pending: Promise<T>): Promise<T | 'heartbeat'> {
  let timer: NodeJS.Timeout | undefined;
  const heartbeat = new Promise<'heartbeat'>((resolve) => {
    timer = setTimeout(() => resolve('heartbeat'), HEARTBEAT_MS);
  });
  try {
    return await Promise.race([pending, heartbeat]);
  } finally {
    clearTimeout(timer);
  }
}
