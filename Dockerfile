# syntax=docker/dockerfile:1
# The registry without what only a checkout needs: no development packages, no embedded database, no Node beside the image's.
ARG NODE=26.10.0-bookworm-slim

# What runs: exactly what package-lock.json says.
FROM node:${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

# The database client is generated with development packages, which stay behind.
FROM node:${NODE} AS client
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional --ignore-scripts
COPY prisma.config.ts ./
COPY prisma ./prisma
COPY src ./src
RUN CHECKPOINT_DISABLE=1 npx prisma generate --no-hints

FROM node:${NODE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="MCP Registry" \
  org.opencontainers.image.description="A registry of Model Context Protocol servers" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
  MCP_REGISTRY_HOST=0.0.0.0
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=client /app/src ./src
COPY package.json prisma.config.ts LICENSE ./
COPY prisma ./prisma
# The image's user node; nothing is ever written below /app.
USER 1000:1000
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MCP_REGISTRY_INTERNAL_PORT || 8081}/health/live`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
