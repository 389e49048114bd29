/** How a command can fail, and what its caller is told by the exit code. */

/** The exit codes of every command; docs/en/cli.md tells them. */
export const EXIT = {
  done: 0,
  /** Refused, failed, not proved: the same again ends the same. */
  failed: 1,
  /** Wrong use: nothing was done. */
  usage: 2,
  /** A check found breaks. */
  breaks: 3,
  /** Not now: the gateway cannot be reached or is busy, MKS is closed, or the wait is over. */
  later: 4,
  /** Ctrl-C and SIGTERM, as shells count them: 128 and the number of the signal. */
  interrupted: 130,
  terminated: 143,
} as const;

/** Wrong use; the message names each mistake on a line of its own. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A failure whose message is for people, in their language. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: number;
  /** For `--json`: what the gateway said. */
  readonly problem: object | undefined;

  constructor(
    message: string,
    {
      exitCode = EXIT.failed,
      problem,
      cause,
    }: { exitCode?: number; problem?: object; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.problem = problem;
  }
}

/** What a program ends with that cannot go on; wrong use may be by the judgement of `parseArgs`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode;
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  return isUsage ? EXIT.usage : EXIT.failed;
}

/**
 * Says on standard error why a program ends, and how to use it where that was the reason.
 *
 * @returns the exit code.
 */
export function tellFailure(error: unknown, usage: string): number {
  const exitCode = exitCodeOf(error);
  console.error(error instanceof Error ? error.message : error);
  // The doctor has the same number for something else.
  if (exitCode === EXIT.usage && !(error instanceof CommandError)) console.error(`\n${usage}`);
  return exitCode;
}

/** The code of what went wrong beneath, or its message. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}
