/** The OpenAPI 3.1 document, made from the routes' schemas, and Swagger UI to read it with. */
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { Health } from '../schemas/health.ts';
import { MemberStatus } from '../schemas/members.ts';
import { REPORT_SCHEMAS } from '../schemas/reports.ts';
import { API_INFO, API_TAGS } from '../schemas/info.ts';
import { addHeaders, HEADERS, type HeadedOperation } from './openapi-headers.ts';

/** Everything from this origin; Swagger UI sets style attributes and draws `data:` images. */
const DOCS_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** What several endpoints share; one that is a single route's own comes with that route. */
const SHARED = [...REPORT_SCHEMAS, MemberStatus, Health];

type TransformObject = NonNullable<FastifyDynamicSwaggerOptions['transformObject']>;

/** As far as it is completed here. */
interface Operation extends HeadedOperation {
  'x-request-examples'?: object;
  requestBody?: { content: Record<string, object> };
}

/** What the routes' schemas cannot say by themselves. */
const completed =
  (asksForKeys: boolean): TransformObject =>
  (document) => {
    if (!('openapiObject' in document)) return document.swaggerObject;
    for (const path of Object.values(document.openapiObject.paths ?? {})) {
      for (const operation of Object.values(path ?? {}) as unknown as Operation[]) {
        placeExamples(operation);
        addHeaders(operation);
        if (asksForKeys) continue;
        delete operation.security;
        delete operation.responses['401'];
      }
    }
    const { components } = document.openapiObject;
    document.openapiObject.components = { ...components, headers: HEADERS };
    return document.openapiObject;
  };

/** A body that is a reference can bear no examples of its own; the operation keeps them for it. */
function placeExamples(operation: Operation): void {
  const examples = operation['x-request-examples'];
  if (examples === undefined) return;
  delete operation['x-request-examples'];
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    Object.assign(media, { examples });
  }
}

/** The way in for gateways with a clients file. */
const keyScheme = () => ({
  security: [{ apiKey: [] }, {}] as Record<string, string[]>[],
  components: {
    securitySchemes: {
      apiKey: {
        type: 'http' as const,
        scheme: 'bearer',
        description: 'Asked for when the gateway has a clients file. API anahtarı.',
      },
    },
  },
});

/** Parts and preconditions of a page's files serve nobody, and end in errors of the file server. */
const UNSERVED_HEADERS = ['range', 'if-match', 'if-unmodified-since', 'if-range'] as const;

/** Makes a route one of the page's: without a key, and what the file server forbids is not there. */
function makePageRoute(route: RouteOptions): void {
  route.config = { ...route.config, public: true };
  route.onRequest = (request, _reply, next) => {
    for (const name of UNSERVED_HEADERS) delete request.headers[name];
    next();
  };
  route.errorHandler = (error, _request, reply) => {
    // Names with dots, zero bytes or of any length: to the caller all one.
    if (error.statusCode === 403 || error.statusCode === 404) reply.callNotFound();
    else throw error;
  };
}

export interface OpenapiOptions {
  /** Without a clients file no key is asked for, and the document does not speak of one. */
  asksForKeys: boolean;
}

export const openapi = fp<OpenapiOptions>(
  async (app, { asksForKeys }) => {
    app.addHook('onRoute', (route) => {
      if (route.url === '/docs' || route.url.startsWith('/docs/')) makePageRoute(route);
    });
    for (const schema of SHARED) app.addSchema(schema);
    await app.register(swagger, {
      convertConstToEnum: false,
      transformObject: completed(asksForKeys),
      refResolver: { buildLocalReference: (schema) => schema['$id'] as string },
      openapi: {
        openapi: '3.1.0',
        info: API_INFO,
        servers: [{ url: '/', description: 'This gateway. Bu geçit.' }],
        tags: [...API_TAGS],
        ...(asksForKeys && keyScheme()),
      },
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      theme: { title: API_INFO.title },
      staticCSP: DOCS_POLICY,
      uiConfig: {
        docExpansion: 'list',
        displayRequestDuration: true,
        tryItOutEnabled: true,
        persistAuthorization: true,
      },
    });
  },
  { name: 'openapi' },
);
