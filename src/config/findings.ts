/** Gathers mistakes and warnings while everything is being read, so that all are told at once. */
import { createHash } from 'node:crypto';

/** The configuration cannot be used; each mistake is one line that names a variable or a field. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`the configuration holds ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}`);
    this.mistakes = mistakes;
  }
}

/** A place in the configuration that findings are noted for: a variable, a file's field. */
export interface Place {
  /** @param text says what is wrong or needed; never a secret, never a file's content. */
  mistake(text: string): void;
  /** What works, but ought to be mended. */
  warning(text: string): void;
  /** Notes a file that was read for it; undefined bytes: it could not be read. */
  file(path: string, bytes: Buffer | undefined): void;
  /** A field within this place, or an index into it. */
  at(part: string | number): Place;
}

export interface Findings {
  mistakes: string[];
  warnings: string[];
  /** Every file that was looked at, with the SHA-256 of what was read, or an empty string. */
  files: Map<string, string>;
  /** The place of an environment variable, e.g. `MKS_MEMBERS_FILE: members[0].passwordFile`. */
  variable(name: string): Place;
}

export function createFindings(): Findings {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const files = new Map<string, string>();
  const place = (variable: string, path: string): Place => {
    const label = path === '' ? variable : `${variable}: ${path}`;
    return {
      mistake: (text) => void mistakes.push(`${label}: ${text}`),
      warning: (text) => void warnings.push(`${label}: ${text}`),
      file: (name, bytes) => void files.set(name, bytes === undefined ? '' : digestOf(bytes)),
      at: (part) => place(variable, joinPath(path, part)),
    };
  };
  return { mistakes, warnings, files, variable: (name) => place(name, '') };
}

/** @throws ConfigurationError when a mistake was found. */
export function assertNoMistakes(findings: Findings): void {
  if (findings.mistakes.length > 0) throw new ConfigurationError(findings.mistakes);
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function joinPath(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return path === '' ? part : `${path}.${part}`;
}
