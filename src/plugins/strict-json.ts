/** Reads bodies: uncompressed UTF-8 JSON with no name twice (RFC 8259), and nothing else. */
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { parseStrictJson, StrictJsonError } from '../lib/json.ts';
import type { Localised } from '../lib/localised.ts';
import { ProblemError } from '../problems.ts';

/** Whole texts alone, so one serves all. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

export const strictJson = fp(
  (app, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseBody);
    done();
  },
  { name: 'strict-json' },
);

function parseBody(
  request: FastifyRequest,
  body: Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity' || !isUtf8(request.headers['content-type'])) {
    done(new ProblemError('unsupported-media-type'));
    return;
  }
  try {
    done(null, parseStrictJson(utf8.decode(body)));
  } catch (error) {
    done(notJson(error, body.length));
  }
}

/** JSON is UTF-8 (RFC 8259 §8.1); whoever names another charset means other bytes than we would read. */
function isUtf8(contentType = ''): boolean {
  if (!contentType.includes(';')) return true;
  const charsets = contentType.matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi);
  return [...charsets].every(([, name = '']) => /^utf-?8$/i.test(name));
}

function notJson(error: unknown, length: number): ProblemError {
  const message = describe(error, length);
  return new ProblemError('invalid-request', {
    detail: {
      en: 'The body is not acceptable JSON.',
      tr: 'Gövde kabul edilebilir bir JSON metni değil.',
    },
    extensions: { errors: [{ path: '', message }] },
  });
}

function describe(error: unknown, length: number): Localised {
  if (error instanceof StrictJsonError) {
    return { en: error.message, tr: 'aynı ad iki kez geçiyor ya da adın kullanımı yasak' };
  }
  if (length === 0) return { en: 'is empty', tr: 'boş' };
  return error instanceof SyntaxError
    ? { en: 'is not JSON', tr: 'JSON değil' }
    : { en: 'is not UTF-8', tr: 'UTF-8 değil' };
}
