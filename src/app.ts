/** The HTTP edge as a whole: every option of Fastify, then the plugins and routes in their order. */
import { setMaxListeners } from 'node:events';
import { Server as TlsServer } from 'node:tls';
import fastify, { LogController, type FastifyServerOptions } from 'fastify';
import { defined } from './lib/defined.ts';
import { authentication } from './plugins/authentication.ts';
import { noteUnused } from './closing.ts';
import { denials } from './plugins/denials.ts';
import { connectionBounds } from './plugins/connections.ts';
import { loadShedding } from './plugins/load-shedding.ts';
import { httpMetrics } from './plugins/metrics.ts';
import { openapi } from './plugins/openapi.ts';
import { problemHandling, sendProblem } from './plugins/problem-handling.ts';
import { refuseOddRequests } from './plugins/odd-requests.ts';
import { clientRateLimit } from './plugins/rate-limit.ts';
import { refusalPace } from './plugins/refusal-pace.ts';
import { requestId, requestIdOf } from './plugins/request-id.ts';
import { requestLog } from './plugins/request-log.ts';
import { createRouteTable } from './plugins/route-table.ts';
import { securedResponse } from './plugins/security-headers.ts';
import { strictJson } from './plugins/strict-json.ts';
import { createValidators, type Validators } from './plugins/validation.ts';
import { createWaits } from './routes/request/waiting.ts';
import { createBalances } from './routes/balances/create.ts';
import { checkLedger } from './routes/balances/check.ts';
import { listChecks } from './routes/balances/checks.ts';
import { readCheck } from './routes/balances/kept-check.ts';
import { readChanges } from './routes/balances/changes.ts';
import { followBalances } from './routes/balances/events.ts';
import { readFile } from './routes/balances/file.ts';
import { listBalances } from './routes/balances/list.ts';
import { readBalances } from './routes/balances/read.ts';
import { readRows } from './routes/balances/rows.ts';
import { withdrawBalances } from './routes/balances/withdraw.ts';
import { listExchanges } from './routes/upstream/exchanges.ts';
import { listStandingOrders } from './routes/orders/list.ts';
import { readStandingOrder } from './routes/orders/read.ts';
import { runStandingOrder } from './routes/orders/run.ts';
import { leadBrowserOn } from './routes/about/home.ts';
import { showConsole } from './routes/console/page.ts';
import { readLiveness } from './routes/about/live.ts';
import { readReadiness } from './routes/about/ready.ts';
import { readUpstreamHealth } from './routes/about/upstream-health.ts';
import { listTrail } from './routes/trail/list.ts';
import { listMembers } from './routes/members/list.ts';
import { pauseMember } from './routes/members/pause.ts';
import { resumeMember } from './routes/members/resume.ts';
import { readMetrics } from './routes/about/metrics.ts';
import { callServices } from './routes/upstream/call-service.ts';
import { readOpenapi } from './routes/about/openapi-document.ts';
import { problemContext } from './routes/request/problem-context.ts';
import { readProblemPage } from './routes/about/problem-pages.ts';
import { readResultCodes } from './routes/upstream/result-codes.ts';
import { readServiceHours } from './routes/upstream/service-hours.ts';
import { Health } from './schemas/health.ts';
import { REPORT_SCHEMAS } from './schemas/reports.ts';
import type { App, EdgeConfig, EdgeDeps } from './routes/types.ts';

const KIB = 1024;
/** Above the longest wait that a caller can ask for, with no byte either way in the meantime. */
const LEAST_IDLE_MS = 180_000;
/** A call may log in twice and send twice before its answer begins. */
const MESSAGES_PER_CALL = 4;
const MAX_HEADERS = 100;

/**
 * Builds the app; it does not listen yet.
 *
 * @returns the app, ready: every plugin loaded and every schema compiled.
 */
export async function buildApp(config: EdgeConfig, deps: EdgeDeps): Promise<App> {
  // Every waiting caller listens to it.
  setMaxListeners(0, deps.shutdown);
  const app = await createEdge(config, deps);
  await app.register(refusalPace, deps);
  if (Number.isFinite(config.rateLimitPerMinute)) {
    await app.register(clientRateLimit, {
      limitPerMinute: config.rateLimitPerMinute,
      ...defined({ count: deps.countRequest }),
    });
  }
  await app.register(strictJson);
  await app.register(openapi, { asksForKeys: deps.clients() !== undefined });
  addRoutes(app, config, deps);
  await app.ready();
  return app;
}

/**
 * Builds the app of `operationsPort`: health and metrics over plain HTTP, with connections of its
 * own, so that a full main port hides nothing from who watches over us.
 */
export async function buildOperationsApp(config: EdgeConfig, deps: EdgeDeps): Promise<App> {
  const { tls: _, ...plain } = config;
  const app = await createEdge(plain, deps);
  await app.register(strictJson);
  for (const schema of [...REPORT_SCHEMAS, Health]) app.addSchema(schema);
  addOperationsRoutes(app, deps);
  await app.ready();
  return app;
}

/** Serves new connections with this certificate; a server of plain HTTP has none. */
export function useCertificate({ server }: App, tls: EdgeConfig['tls']): void {
  if (tls === undefined || !(server instanceof TlsServer)) return;
  server.setSecureContext({ cert: tls.certificate, key: tls.key });
}

/** The server, with what every request goes through on either port. */
async function createEdge(config: EdgeConfig, deps: EdgeDeps): Promise<App> {
  const validators = createValidators();
  const options = serverOptions(config, deps, validators.build);
  const ServerResponse = securedResponse(config.tls !== undefined);
  const app = (config.tls === undefined
    ? fastify({ ...options, http: { ...NODE_LIMITS, ServerResponse } })
    : fastify({
        ...options,
        https: {
          ...NODE_LIMITS,
          ServerResponse,
          handshakeTimeout: NODE_LIMITS.headersTimeout,
          cert: config.tls.certificate,
          key: config.tls.key,
        },
      })) as unknown as App;
  app.server.maxHeadersCount = MAX_HEADERS;
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  noteUnused(app.server);
  app.addHook('onListen', (done) => {
    void validators.compileRest(() => deps.shutdown.aborted);
    done();
  });
  const routes = createRouteTable(app);
  refuseOddRequests(app.server, (path) => routes.methodsOf(path));
  await app.register(requestId);
  await app.register(problemHandling, {
    context: () => problemContext(deps),
    methodsOf: (path: string) => routes.methodsOf(path),
  });
  await app.register(loadShedding);
  await app.register(authentication, deps);
  await app.register(connectionBounds, deps);
  await app.register(requestLog);
  await app.register(denials, deps);
  await app.register(httpMetrics, deps.operations);
  return app;
}

function addOperationsRoutes(app: App, deps: EdgeDeps): void {
  readLiveness(app);
  readReadiness(app, deps);
  readUpstreamHealth(app, deps);
  readMetrics(app, deps);
}

function addRoutes(app: App, config: EdgeConfig, deps: EdgeDeps): void {
  const waiting = { ...deps, waits: createWaits() };
  createBalances(app, config, waiting);
  readChanges(app, deps);
  checkLedger(app, deps);
  listChecks(app, deps);
  readCheck(app, deps);
  listBalances(app, deps);
  readBalances(app, waiting);
  readRows(app, deps);
  readFile(app, deps);
  followBalances(app, deps);
  withdrawBalances(app, deps);
  listStandingOrders(app, deps);
  readStandingOrder(app, deps);
  runStandingOrder(app, deps);
  callServices(app, deps);
  listExchanges(app, deps);
  listTrail(app, deps);
  listMembers(app, deps);
  pauseMember(app, deps);
  resumeMember(app, deps);
  readServiceHours(app, deps);
  readResultCodes(app, deps);
  leadBrowserOn(app);
  showConsole(app, deps);
  if (config.operationsPort === undefined) addOperationsRoutes(app, deps);
  readOpenapi(app);
  readProblemPage(app);
}

/** Of Node's own server: slow or endless heads end by themselves. */
const NODE_LIMITS = {
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * KIB,
  insecureHTTPParser: false,
  requireHostHeader: true,
};

function serverOptions(config: EdgeConfig, deps: EdgeDeps, buildValidator: Validators['build']) {
  return {
    loggerInstance: deps.log,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: false,
    bodyLimit: 64 * KIB,
    // Time to receive a request; answers may take as long as they need.
    requestTimeout: 30_000,
    // Without a byte in either direction: a reader that has stalled holds a report open no longer.
    connectionTimeout: Math.max(
      LEAST_IDLE_MS,
      MESSAGES_PER_CALL * config.requestTimeoutMs + 30_000,
    ),
    keepAliveTimeout: 72_000,
    maxRequestsPerSocket: 10_000,
    handlerTimeout: 0,
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    // While closing, a request on an open connection is answered like any other.
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator } },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply, problemContext(deps));
    },
    // Fastify would answer in its own words: refuseOddRequests does.
    clientErrorHandler: () => undefined,
    allowErrorHandlerOverride: false,
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: 256,
      allowUnsafeRegex: false,
    },
  } satisfies FastifyServerOptions;
}
