/** Gathers mistakes and warnings while everything is being read, so that all are told at once. */
import { defined } from '../lib/defined.ts';
import type { Localised } from '../lib/localised.ts';

/** The configuration cannot be used; each mistake is one line that names a variable or a field. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly mistakes: readonly Localised[];

  constructor(mistakes: readonly Localised[]) {
    super(`the configuration holds ${mistakes.length === 1 ? 'a mistake' : 'mistakes'}`);
    this.mistakes = mistakes;
  }
}

/** What a warning speaks of. */
export type WarningSubject =
  'secret-files' | 'trusted-certificates' | 'certificate' | 'user-code' | 'folders';

/** What works, but ought to be mended: one line that names its place. */
export interface Warning extends Localised {
  readonly about: WarningSubject;
  /** The member that cannot sign until it is mended. */
  readonly shutsOff?: string;
}

/** A place in the configuration that findings are noted for: a variable, a file's field. */
export interface Place {
  /** Says in both languages what is wrong or needed; never a secret, never a file's content. */
  mistake(en: string, tr: string): void;
  /** What works, but ought to be mended. */
  warning(about: WarningSubject, en: string, tr: string): void;
  /** Notes a file that is looked at for it, whether or not it can be read. */
  file(path: string): void;
  /** A field within this place, or an index into it. */
  at(part: string | number): Place;
  /** The same place; its mistakes concern this member alone. */
  of(member: string): Place;
  /**
   * The same, and they are pardoned while a member can sign.
   * @param consequence what comes of it, told behind each; else that the member is shut off.
   */
  concerning(member: string, consequence?: Localised): Place;
}

interface Mistake extends Localised {
  /** The member that it concerns alone. */
  readonly member?: string;
  /** It shuts off that member, and no other has to suffer for it. */
  readonly isPardonable?: true;
  readonly consequence?: Localised;
}

type Concerned = Pick<Mistake, 'member' | 'isPardonable' | 'consequence'>;

export interface Findings {
  mistakes: Mistake[];
  warnings: Warning[];
  /** Mistakes for which members stay as they are in force: they keep nothing else from changing. */
  refused: Localised[];
  /** Every file that was looked at. */
  files: Set<string>;
  /** A member can sign: what shuts off the others alone does not keep it from going on. */
  pardonsShutOffs: boolean;
  /** The place of an environment variable, e.g. `MKS_MEMBERS_FILE: members[0].passwordFile`. */
  variable(name: string): Place;
}

export function createFindings(): Findings {
  const mistakes: Mistake[] = [];
  const warnings: Warning[] = [];
  const files = new Set<string>();
  const place = (variable: string, path: string, concerned?: Concerned): Place => {
    const label = path === '' ? variable : `${variable}: ${path}`;
    const labelled = (en: string, tr: string) => ({ en: `${label}: ${en}`, tr: `${label}: ${tr}` });
    return {
      mistake: (en, tr) => void mistakes.push({ ...labelled(en, tr), ...concerned }),
      warning: (about, en, tr) => void warnings.push({ about, ...labelled(en, tr) }),
      file: (name) => void files.add(name),
      at: (part) => place(variable, joinPath(path, part), concerned),
      of: (member) => place(variable, path, { member }),
      concerning: (member, consequence) =>
        place(variable, path, { member, isPardonable: true, ...defined({ consequence }) }),
    };
  };
  return {
    mistakes,
    warnings,
    refused: [],
    files,
    pardonsShutOffs: false,
    variable: (name) => place(name, ''),
  };
}

/** Makes warnings of mistakes that shut off one member each: the others can go on. */
function pardonShutOffs({ mistakes, warnings }: Findings): void {
  for (const { member, en, tr, consequence } of mistakes.splice(0)) {
    const then = consequence ?? {
      en: `${member} is shut off until it is mended`,
      tr: `düzelene kadar ${member} kapalı`,
    };
    warnings.push({
      about: 'certificate',
      ...defined({ shutsOff: member }),
      en: `${en}; ${then.en}`,
      tr: `${tr}; ${then.tr}`,
    });
  }
}

/**
 * @throws ConfigurationError with all mistakes when there is one that is not pardoned: what shuts
 *   off one member is told then too.
 */
export function assertNoMistakes(findings: Findings): void {
  const isForgivable = findings.mistakes.every(({ isPardonable }) => isPardonable === true);
  if (findings.pardonsShutOffs && isForgivable) pardonShutOffs(findings);
  if (findings.mistakes.length > 0) throw new ConfigurationError(findings.mistakes);
}

function joinPath(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return path === '' ? part : `${path}.${part}`;
}
