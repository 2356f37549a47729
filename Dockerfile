# One image, one target a role: docker build --target classifier .
# Node is the current LTS; the service itself needs 20.19 or newer.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY services services
# Not `npm ci`: it refuses the lock file where a mirror lacks packages of other platforms. The versions are the same.
RUN npm install --no-save --ignore-scripts && npx tsc -b services/cli
# The compiler and the embedded database (optional platform packages) are for clones, not for images.
RUN npm prune --omit=dev --omit=optional --ignore-scripts

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8025
WORKDIR /app
COPY --from=build --chown=root:root /app /app
USER node
EXPOSE 8025
# Exec form: the role is process 1 and gets SIGTERM itself.
ENTRYPOINT ["node", "services/cli/bin/triage.js", "run"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]

FROM runtime AS ingest
CMD ["ingest"]

FROM runtime AS classifier
CMD ["classifier"]

FROM runtime AS delivery
CMD ["delivery"]
