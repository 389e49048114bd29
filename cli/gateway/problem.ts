/** What the gateway says when it refuses (RFC 9457), as lines for people and as an exit code. */
import type { Localised } from '../language.ts';
import { EXIT } from '../failures.ts';
import { say, type Shell } from '../shell.ts';

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { path: string; message: string }[];
  hint?: string;
  mks?: { code?: string; description?: string };
  senderReference?: string;
  outcome?: string;
  opensAt?: string;
  requestId?: string;
}

const LABELS = {
  opensAt: { en: 'MKS opens', tr: 'MKS açılışı' },
  outcome: { en: 'Outcome', tr: 'Sonuç' },
  senderReference: { en: 'senderReference', tr: 'senderReference' },
  requestId: { en: 'Request', tr: 'İstek' },
} as const satisfies Record<string, Localised>;

/** Whether the same request can succeed later without anybody changing anything. */
const PASSING = new Set([429, 502, 503, 504]);

/** Undefined where the answer is none: something else than a gateway may have answered. */
export function readProblem(text: string): Problem | undefined {
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    const { type, title, status } = problem;
    if (typeof type !== 'string' || typeof title !== 'string') return undefined;
    return { ...problem, type, title, status: Number(status) };
  } catch {
    return undefined;
  }
}

/** @param url of the request: the type is relative to it. */
export function describeProblem(shell: Shell, problem: Problem, url: string): string {
  const { type, title, detail, hint, mks, errors = [] } = problem;
  const page = URL.canParse(type, url) ? new URL(type, url).href : type;
  const code = [mks?.code, mks?.description].filter(Boolean).join(' ');
  const lines = [
    detail,
    // Without a path it is about all of what was sent.
    ...errors.map(({ path, message }) =>
      path === '' ? message : `${path.replace(/^\//, '')}: ${message}`,
    ),
    code === '' ? undefined : `MKS: ${code}`,
    hint,
    ...(['opensAt', 'outcome', 'senderReference', 'requestId'] as const).map((name) => {
      const value = problem[name];
      return value === undefined ? undefined : `${say(shell, LABELS[name])}: ${value}`;
    }),
    page,
  ];
  return [title, ...lines.filter((line) => line !== undefined).map((line) => `  ${line}`)].join(
    '\n',
  );
}

export function exitCodeOfStatus(status: number): number {
  return PASSING.has(status) ? EXIT.later : EXIT.failed;
}
