/** The process: environment → configuration → gateway → close with grace. */
import closeWithGrace from 'close-with-grace';
import { pino, type Logger } from 'pino';
import { ConfigurationError, openConfiguration } from './config.ts';
import { summaryOf } from './config/summary.ts';
import { startGateway } from './gateway.ts';
import { byTurn } from './lib/by-turn.ts';
import { systemClock, type Clock } from './lib/clock.ts';
import { tidyAtRest } from './lib/tidy.ts';
import { createHsms } from './mks/index.ts';

/** An orchestrator kills after 30 s as a rule; we are out before. */
const GRACE_MS = 24_000;
/** What supervisors and terminals end us with. */
const ENDING = ['SIGTERM', 'SIGINT'] as const;
/** Both go to a whole group as a rule, and npm hands on what it got: twice within a moment is once. */
const ECHO_MS = 1_000;

/**
 * Starts the gateway; a signal ends it.
 * @param environment the process's variables.
 * @returns whether it runs; why not has been told.
 */
export async function run(
  environment: NodeJS.ProcessEnv,
  clock: Clock = systemClock,
): Promise<boolean> {
  const lines = byTurn(pino.destination());
  process.once('exit', lines.flush);
  // It is the configuration that says what is logged; until then its mistakes alone are told.
  const log = pino({ level: 'silent' }, lines);
  const hsms = createHsms(log);
  try {
    const configuration = await openConfiguration(environment, clock, hsms);
    log.level = configuration.config.logLevel;
    log.info(summaryOf(configuration), 'starting');
    for (const { shutsOff, en } of configuration.warnings) {
      if (shutsOff === undefined) log.warn(en);
      else log.error({ member: shutsOff }, en);
    }
    const gateway = await startGateway(configuration, clock, log, hsms);
    log.info({ url: gateway.url }, 'listening');
    tidyAtRest().catch((error: unknown) => {
      log.warn({ err: error }, 'what the start has left is not given back');
    });
    let ending: NodeJS.Signals | undefined;
    const options = { delay: GRACE_MS, logger: log, skip: [...ENDING] };
    const { close } = closeWithGrace(options, async ({ signal = ending, err }) => {
      if (err !== undefined) log.fatal({ err }, 'unexpected failure');
      log.info({ signal }, 'closing');
      await gateway.close();
      log.info('closed');
    });
    onEnding(log, (signal) => {
      ending = signal;
      close();
    });
    return true;
  } catch (error) {
    hsms.close();
    if (error instanceof ConfigurationError) {
      for (const mistake of error.mistakes) console.error(mistake.en);
    } else {
      console.error(error instanceof Error ? error.message : error);
    }
    return false;
  }
}

/** Calls once, at the first signal; one that comes when its echoes are over ends the process at once. */
function onEnding(log: Logger, close: (signal: NodeJS.Signals) => void): void {
  let firstAt: number | undefined;
  function hear(signal: NodeJS.Signals): void {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      close(signal);
    } else if (now - firstAt > ECHO_MS) {
      log.error({ signal }, 'told to end once more: ending at once');
      log.flush();
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  }
  for (const signal of ENDING) process.on(signal, hear);
}
