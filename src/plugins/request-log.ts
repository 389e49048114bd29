/** One line a request: who, what, how it ended and how long it took. Never a header, never a body. */
import fp from 'fastify-plugin';

export const requestLog = fp(
  (app, _options, done) => {
    app.addHook('onResponse', (request, reply, next) => {
      request.log.info(
        {
          client: request.caller?.name,
          method: request.method,
          path: request.url.split('?')[0],
          status: reply.statusCode,
          durationMs: Math.round(reply.elapsedTime),
        },
        'answered',
      );
      next();
    });
    app.addHook('onRequestAbort', (request, next) => {
      request.log.info({ client: request.caller?.name }, 'the caller has gone');
      next();
    });
    done();
  },
  { name: 'request-log', dependencies: ['authentication'] },
);
