/** The process of the command line: environment, signals, exit code. */
import { CommanderError, type Command } from 'commander';
import type { ShellCommand } from './command.ts';
import { CommandError, EXIT, exitCodeOf, tellFailure } from './failures.ts';
import { languageOf } from './language.ts';
import { createProgram } from './program.ts';
import type { Shell } from './shell.ts';

const SAME_SIGNAL_MS = 1_000;
const interruption = new AbortController();
const shell: Shell = {
  language: languageOf(process.env),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  get signal() {
    heedSignals();
    return interruption.signal;
  },
  exitCode: EXIT.done,
};

// npm starts its scripts in the folder of the package; files are meant from where the person is.
const { npm_lifecycle_event: npmScript, INIT_CWD: callersFolder } = process.env;
if (npmScript === 'mks' && callersFolder !== undefined) process.chdir(callersFolder);

// Whoever read our data wants no more of it (`| head`); who read what we told, no more of that.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
});
process.stderr.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2));

/** @returns the exit code. */
async function run(args: string[]): Promise<number> {
  const program = createProgram(shell);
  let current = program;
  const note = (command: Command): void => void (current = command as ShellCommand);
  visit(program, (command) => command.hook('preSubcommand', (_, next) => note(next)));
  try {
    await program.parseAsync(args, { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    if (interruption.signal.aborted) return Number(interruption.signal.reason);
    return end(error, current, program.opts<{ json?: boolean }>().json === true);
  }
}

function visit(command: Command, see: (command: Command) => void): void {
  see(command);
  for (const child of command.commands) visit(child, see);
}

/** Says why it ends. @returns the exit code. */
function end(error: unknown, command: ShellCommand, isJson: boolean): number {
  // It has shown the help or the version that was asked for, or the help that was needed.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!isJson) return tellFailure(error, command.helpInformation().trimEnd());
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const problem = error instanceof CommandError ? error.problem : undefined;
  console.error(JSON.stringify({ exitCode, message, problem }));
  return exitCode;
}

/**
 * From here on the first signal stops the work, which cleans up; a later one does not wait for that. One that follows
 * at once is the same Ctrl-C: the terminal sends it to all, and npm hands its own on.
 */
function heedSignals(): void {
  if (process.listenerCount('SIGINT') > 0) return;
  let stoppedAtMs = Infinity;
  for (const [signal, exitCode] of [
    ['SIGINT', EXIT.interrupted],
    ['SIGTERM', EXIT.terminated],
  ] as const) {
    process.on(signal, () => {
      const nowMs = performance.now();
      if (nowMs - stoppedAtMs > SAME_SIGNAL_MS) process.exit(exitCode);
      stoppedAtMs = Math.min(stoppedAtMs, nowMs);
      interruption.abort(exitCode);
    });
  }
}
