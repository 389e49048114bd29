/** What a command runs in: who reads it, in which language, and how it is told to stop. */
import type { Language, Localised } from './language.ts';

export interface Shell {
  language: Language;
  env: NodeJS.ProcessEnv;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /**
   * Aborted by Ctrl-C and SIGTERM, which end a process that has never looked at it as they end any other.
   */
  readonly signal: AbortSignal;
  /** Its exit code, if nothing is thrown. */
  exitCode: number;
}

/** A text in the language of the shell. */
export function say({ language }: Pick<Shell, 'language'>, text: Localised): string {
  return text[language];
}

/** A line for people: standard output belongs to data. */
export function tell({ stderr }: Pick<Shell, 'stderr'>, line: string): void {
  stderr.write(`${line}\n`);
}
