# The gateway, and with `--target sandbox` the stand-in for MKS that it can be tried against.
# There is no build step: Node runs the TypeScript sources as they are.

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are another Node for machines without one; this image has its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-slim AS runtime
ENV NODE_ENV=production
# A new volume takes over the owner and the mode of the folder that it covers.
RUN install -d -m 0700 -o node -g node /data
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules ./node_modules
USER node
VOLUME /data

FROM runtime AS sandbox
LABEL org.opencontainers.image.title="mks-sandbox" \
      org.opencontainers.image.description="A stand-in for MKS, to try the gateway against" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV SANDBOX_DATA_DIR=/data
COPY openapi/mks.json openapi/
COPY sandbox sandbox
EXPOSE 4443
# Its certificate is its own authority's, which this check does not know: no certificate is checked.
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "require(process.env.SANDBOX_TLS === 'true' ? 'https' : 'http').get({ host: '127.0.0.1', port: process.env.SANDBOX_PORT || 4443, path: '/_sandbox/health', rejectUnauthorized: false, timeout: 4000 }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))"]
CMD ["node", "sandbox/main.ts"]

FROM runtime AS gateway
LABEL org.opencontainers.image.title="mks-gateway" \
      org.opencontainers.image.description="A REST gateway between in-house systems and MKS" \
      org.opencontainers.image.licenses="Apache-2.0"
# There is no redis-server in here: REDIS_URL has to be set.
ENV DATA_DIR=/data
COPY src src
COPY console console
# docker compose exec gateway npm run doctor; the others likewise.
COPY cli cli
EXPOSE 3000
# With TLS the certificate is made out to the name that callers use, not to 127.0.0.1: it is not checked.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "const { OPERATIONS_PORT: own, PORT: port, TLS_KEY_FILE: tls } = process.env; require(tls && !own ? 'https' : 'http').get({ host: '127.0.0.1', port: own || port || 3000, path: '/health/live', rejectUnauthorized: false, timeout: 4000 }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--no-parallel-scavenge", "src/server.js"]
