/** The OpenAPI 3.1 document, made from the routes' schemas, and Swagger UI to read it with. */
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { Health } from '../schemas/health.ts';
import { MemberStatus } from '../schemas/members.ts';
import { REPORT_SCHEMAS } from '../schemas/reports.ts';
import { API_INFO, API_TAGS } from '../schemas/info.ts';

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

/** A body that is a reference can bear no examples of its own; the operation keeps them for it. */
const placeExamples: TransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject;
  for (const path of Object.values(document.openapiObject.paths ?? {})) {
    for (const operation of Object.values(path ?? {}) as Record<string, unknown>[]) {
      const examples = operation['x-request-examples'];
      if (examples === undefined) continue;
      delete operation['x-request-examples'];
      const body = operation['requestBody'] as { content: Record<string, object> };
      for (const media of Object.values(body.content)) Object.assign(media, { examples });
    }
  }
  return document.openapiObject;
};

export const openapi = fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      if (route.url === '/docs' || route.url.startsWith('/docs/')) {
        route.config = { ...route.config, public: true };
      }
    });
    for (const schema of SHARED) app.addSchema(schema);
    await app.register(swagger, {
      convertConstToEnum: false,
      transformObject: placeExamples,
      refResolver: { buildLocalReference: (schema) => schema['$id'] as string },
      openapi: {
        openapi: '3.1.0',
        info: API_INFO,
        servers: [{ url: '/', description: 'This gateway. Bu geçit.' }],
        tags: [...API_TAGS],
        security: [{ apiKey: [] }, {}],
        components: {
          securitySchemes: {
            apiKey: {
              type: 'http',
              scheme: 'bearer',
              description: 'Asked for when the gateway has a clients file. API anahtarı.',
            },
          },
        },
      },
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: DOCS_POLICY,
      uiConfig: { docExpansion: 'list', displayRequestDuration: true, tryItOutEnabled: true },
    });
  },
  { name: 'openapi', dependencies: ['security-headers'] },
);
