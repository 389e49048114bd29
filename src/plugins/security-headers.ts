/**
 * Headers that keep a browser from doing anything with an answer that was not meant.
 *
 * They are the same for every answer, so helmet is asked once, and Node's own response adds them as it writes the
 * head. A hook that sets them through Fastify has each kept, found and listed again, beside so many others that V8
 * keeps all of them in a table.
 */
import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import helmet from 'helmet';
import { ServerResponse } from '../lib/http.ts';

/** For `http.createServer`: a response that bears the headers, but for those that an answer names itself. */
export function securedResponse(isTls: boolean): typeof ServerResponse {
  const headers = Object.entries(headersOf(isTls));
  return class SecuredResponse<
    Request extends IncomingMessage = IncomingMessage,
  > extends ServerResponse<Request> {
    /** As Fastify calls it, with all fields, or Node, with those that were set: neither gives a reason phrase. */
    override writeHead(status: number, given?: unknown): this {
      const fields = (given ?? this.getHeaders()) as OutgoingHttpHeaders;
      const all: OutgoingHttpHeader[] = [];
      for (const [name, value] of headers) if (!(name in fields)) all.push(name, value);
      for (const name in fields) all.push(name, fields[name] as OutgoingHttpHeader);
      return super.writeHead(status, all);
    }
  };
}

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
