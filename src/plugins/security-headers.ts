/**
 * Headers that keep a browser from doing anything with an answer that was not meant.
 *
 * They are the same for every answer, so helmet is asked once: as a plugin it reads its own options anew
 * for each request.
 */
import type { IncomingMessage } from 'node:http';
import fp from 'fastify-plugin';
import helmet from 'helmet';
import { ServerResponse } from '../lib/http.ts';

export const securityHeaders = fp<{ isTls: boolean }>(
  (app, { isTls }, done) => {
    const headers = headersOf(isTls);
    app.addHook('onRequest', (_request, reply, next) => {
      reply.headers(headers);
      next();
    });
    done();
  },
  { name: 'security-headers' },
);

function headersOf(isTls: boolean): Record<string, string> {
  const apply = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    // Only a server that speaks TLS itself may ask browsers to insist on it.
    strictTransportSecurity: isTls,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  const request = { method: 'GET', headers: {} } as IncomingMessage;
  const response = new ServerResponse(request);
  apply(request, response, () => undefined);
  return response.getHeaders() as Record<string, string>;
}
