/** The running gateway, over HTTP: one request, its answer, or the failure as a command tells it. */
import { CommandError, EXIT, reasonOf, UsageError } from '../failures.ts';
import type { Localised } from '../language.ts';
import { say, type Shell } from '../shell.ts';
import { describeProblem, exitCodeOfStatus, readProblem } from './problem.ts';

const DEFAULT_URL = 'http://127.0.0.1:3000';

export interface Ask {
  method?: string;
  /** What is undefined is left out. */
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  body?: string | ReadableStream<Uint8Array>;
  /** Besides Ctrl-C. */
  signal?: AbortSignal;
}

export interface Gateway {
  /**
   * @param path below the gateway's address, without a slash before it.
   * @returns an answer of 2xx.
   * @throws UnreachableError, RefusedError.
   */
  ask(path: string, ask?: Ask): Promise<Response>;
  /** The same, of which the answer is JSON. */
  read<T>(path: string, ask?: Ask): Promise<T>;
}

/** The gateway has answered, and not what was asked for. */
export class RefusedError extends CommandError {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** When to come again, if the answer says so. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { headers, status }: Response, problem?: object) {
    super(message, { exitCode: exitCodeOfStatus(status), ...(problem && { problem }) });
    this.status = status;
    this.retryAfterMs = retryAfterOf(headers);
  }
}

/** No answer came: nobody can say whether the gateway saw the request. */
export class UnreachableError extends CommandError {
  override readonly name = 'UnreachableError';
}

const UNREACHABLE: (url: string, reason: string) => Localised = (url, reason) => ({
  en: `The gateway at ${url} cannot be reached (${reason}). MKS_GATEWAY_URL says where it is.`,
  tr: `${url} adresindeki geçide ulaşılamıyor (${reason}). Adresi MKS_GATEWAY_URL verir.`,
});
const NO_URL: Localised = {
  en: 'MKS_GATEWAY_URL is no http or https address',
  tr: 'MKS_GATEWAY_URL bir http ya da https adresi değil',
};
const NO_KEY: Localised = {
  en: '  MKS_GATEWAY_KEY holds the key; it is not set.',
  tr: '  Anahtar MKS_GATEWAY_KEY ile verilir; şu anda boş.',
};
const NO_GATEWAY: (url: string, status: number) => Localised = (url, status) => ({
  en: `${url} answered ${status}, and not as a gateway does`,
  tr: `${url} ${status} yanıtını verdi; bu bir geçit yanıtı değil`,
});

/** The gateway of the environment: MKS_GATEWAY_URL, MKS_GATEWAY_KEY. @throws UsageError. */
export function connect(shell: Shell): Gateway {
  const { env, language } = shell;
  const key = env['MKS_GATEWAY_KEY'] || undefined;
  const base = env['MKS_GATEWAY_URL'] || DEFAULT_URL;
  if (!/^https?:$/.test(URL.parse(base)?.protocol ?? '')) throw new UsageError(say(shell, NO_URL));
  const ask: Gateway['ask'] = async (path, { query = {}, headers, signal, ...init } = {}) => {
    const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await fetch(url, {
      ...init,
      ...(init.body instanceof ReadableStream && { duplex: 'half' }),
      headers: {
        'accept-language': language,
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...headers,
      },
      redirect: 'error',
      signal: AbortSignal.any([shell.signal, ...(signal === undefined ? [] : [signal])]),
    }).catch((error: unknown) => {
      const message = say(shell, UNREACHABLE(base, reasonOf(error)));
      throw new UnreachableError(message, { exitCode: EXIT.later, cause: error });
    });
    if (!response.ok) throw await failureOf(shell, response, key);
    return response;
  };
  return {
    ask,
    read: async <T>(path: string, init?: Ask) => (await (await ask(path, init)).json()) as T,
  };
}

async function failureOf(
  shell: Shell,
  response: Response,
  key: string | undefined,
): Promise<RefusedError> {
  const { url, status } = response;
  const problem = readProblem(await response.text().catch(() => ''));
  if (problem === undefined) {
    return new RefusedError(say(shell, NO_GATEWAY(url, status)), response);
  }
  const text = describeProblem(shell, problem, url);
  const isKeyless = status === 401 && key === undefined;
  const message = isKeyless ? `${text}\n${say(shell, NO_KEY)}` : text;
  return new RefusedError(message, response, problem);
}

function retryAfterOf(headers: Headers): number | undefined {
  const seconds = headers.get('retry-after');
  return seconds !== null && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
