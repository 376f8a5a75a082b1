import { indexPage } from '../pages/index-page.ts';
import { serverPage } from '../pages/server-page.ts';
import { health, ping, version } from './about.ts';
import { anonymous, challenge, dns, githubAt, githubOidc, http, jwks, oidc } from './auth.ts';
import { changes } from './changes.ts';
import { exported } from './export.ts';
import { get, patch, post, put, type Operation, type Route } from './operation.ts';
import { createServer, editServer, publishServer, serverStatus, versionStatus } from './publish.ts';
import { exactVersion, latestVersion, versionsOfServer } from './server.ts';
import { servers } from './servers.ts';
import { validate } from './validate-server.ts';
import { checkDomain, verifyDomain } from './verify-domain.ts';

/** The API is served under both, alike. */
const prefixes = ['/v0.1', '/v0'];

/** The API: path, how long its answers may be kept, what it does (official registry, section 1.2). */
const api: Route[] = [
  get('/health', 'none', health),
  get('/ping', 'none', ping),
  get('/version', 'none', version),
  get('/servers', 'list', servers),
  get('/servers/:serverName/versions', 'list', versionsOfServer),
  get('/servers/:serverName/versions/latest', 'list', latestVersion),
  get('/servers/:serverName/versions/:version', 'exact', exactVersion),
  get('/changes', 'list', changes),
  get('/export', 'list', exported),
  post('/publish', publishServer),
  post('/servers', createServer),
  put('/servers/:serverName/versions/:version', editServer),
  patch('/servers/:serverName/versions/:version/status', versionStatus),
  patch('/servers/:serverName/status', serverStatus),
  post('/auth/github-at', githubAt),
  post('/auth/github-oidc', githubOidc),
  post('/auth/oidc', oidc),
  post('/auth/challenge', challenge),
  post('/auth/dns', dns),
  post('/auth/http', http),
  post('/auth/none', anonymous),
  post('/validate', validate),
  post('/verify-domain', verifyDomain),
  post('/verify-domain/check', checkDomain),
];

/** Every path of this door but /docs, which @fastify/swagger-ui serves. */
export const routes = (openapi: { json: Operation; yaml: Operation }): Route[] => [
  ...prefixes.flatMap((prefix) => api.map((route) => ({ ...route, path: prefix + route.path }))),
  get('/', 'list', indexPage),
  get('/servers/*', 'list', serverPage),
  get('/.well-known/jwks.json', 'exact', jwks),
  get('/openapi.json', 'exact', openapi.json),
  get('/openapi.yaml', 'exact', openapi.yaml),
];
