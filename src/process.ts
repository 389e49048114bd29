/** The process: environment → configuration → gateway → close with grace. */
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { ConfigurationError, loadConfiguration } from './config.ts';
import { summaryOf } from './config/summary.ts';
import { startGateway } from './gateway.ts';
import { systemClock } from './lib/clock.ts';

/** An orchestrator kills after 30 s as a rule; we are out before. */
const GRACE_MS = 24_000;

/**
 * Starts the gateway; a signal ends it.
 * @param environment the process's variables.
 * @returns whether it runs; why not has been told.
 */
export async function run(environment: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const configuration = loadConfiguration(environment, systemClock);
    const log = pino({ level: configuration.config.logLevel });
    log.info(summaryOf(configuration), 'starting');
    for (const { shutsOff, en } of configuration.warnings) {
      if (shutsOff === undefined) log.warn(en);
      else log.error({ member: shutsOff }, en);
    }
    const gateway = await startGateway(configuration, systemClock, log);
    log.info({ url: gateway.url }, 'listening');
    closeWithGrace({ delay: GRACE_MS, logger: log }, async ({ signal, err }) => {
      if (err !== undefined) log.fatal({ err }, 'unexpected failure');
      log.info({ signal }, 'closing');
      await gateway.close();
      log.info('closed');
    });
    return true;
  } catch (error) {
    if (error instanceof ConfigurationError) {
      for (const mistake of error.mistakes) console.error(mistake.en);
    } else {
      console.error(error instanceof Error ? error.message : error);
    }
    return false;
  }
}
