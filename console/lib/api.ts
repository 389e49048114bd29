/** Calls of the gateway: with the reader's key and language, and with a problem for every failure. */
import type { Problem } from './documents.ts';
import { language, t } from './language.ts';
import { apiKey, signOut } from './session.ts';
import { noteAnswer, noteSilence } from './connection.ts';

/** The gateway's root, also behind a prefix. */
const ROOT = new URL('../../', import.meta.url);

/** A failure that can be shown: what the gateway said, or what is said in its place. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
  /** The last part of the type, such as `conflict`. */
  get slug(): string {
    return this.problem.type.split('/').at(-1) ?? '';
  }
}

/** Where a path of the gateway is. */
export function addressOf(path: string): string {
  return new URL(path.replace(/^\//, ''), ROOT).href;
}

/** What every request bears; for whoever sends one of his own. */
export function requestHeaders(): Record<string, string> {
  const headers: Record<string, string> = { 'accept-language': language.peek() };
  if (apiKey.peek() !== '') headers['authorization'] = `Bearer ${apiKey.peek()}`;
  return headers;
}

/**
 * Sends a request.
 *
 * @throws ApiError for an answer that is a failure, and where there is none; what `signal` threw.
 */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const key = apiKey.peek();
  const headers = { ...requestHeaders(), ...(init.headers as Record<string, string> | undefined) };
  let response: Response;
  try {
    response = await fetch(addressOf(path), { ...init, headers, cache: 'no-store' });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    noteSilence();
    throw new ApiError(unreachable());
  }
  noteAnswer();
  if (response.ok) return response;
  const problem = await problemOf(response);
  // Of several calls that were under way the first has said so; by now there may be another key.
  if (response.status === 401 && key !== '' && key === apiKey.peek()) signOut(true);
  throw new ApiError(problem);
}

/** The answer of a GET as a document. */
export async function getJson<Document>(path: string, signal?: AbortSignal): Promise<Document> {
  const init = { headers: { accept: 'application/json' }, ...(signal && { signal }) };
  const response = await call(path, init);
  return (await response.json()) as Document;
}

/** A query without what is not set: `?member=TIB`, or nothing. */
export function queryOf(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)] as [string, string]],
  );
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}

/** Any error as a problem. */
export function problemFor(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : { ...unreachable(), detail: String(error) };
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    // Of somebody in between: the gateway itself always says it as a problem.
    const { status, statusText } = response;
    return { ...unreachable(), status, title: `HTTP ${status} ${statusText}` };
  }
}

function unreachable(): Problem {
  return {
    type: '',
    status: 0,
    title: t({ en: 'The gateway does not answer', tr: 'Geçit yanıt vermiyor' }),
    detail: t({
      en: 'No connection, or it broke. What was asked before goes on; try again.',
      tr: 'Bağlantı yok veya koptu. Daha önce istenenler sürüyor; yeniden deneyin.',
    }),
  };
}
