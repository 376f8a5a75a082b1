import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { operation, type Description, type Operation, type Route } from './operation.ts';
import { Problem } from './wire.ts';

const about = `A registry of Model Context Protocol servers, answering the API of the official one, route for route.

- \`/v0.1\` and \`/v0\` are the same.
- A server's name goes into a path URL-encoded: \`com.example%2Fweather\`. Names are matched without regard to case.
- Documents are answered byte for byte as they were published.
- Refusals are problem documents (RFC 9457) with a \`code\` that never changes.
- For an exact copy: \`/export\` once, then \`/changes\` behind its \`Registry-Revision\`.
- Anonymous reads carry an \`ETag\` and may be cached as \`Cache-Control\` says; \`Registry-Revision\` is the newest revision that an answer knows.

The same data, and more, is at [/graphql](/graphql).`;

/** Describes the routes as OpenAPI 3.1, and shows that to people at /docs. */
export async function registerDocs(fastify: FastifyInstance): Promise<void> {
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'MCP Registry', version: packageJson.version, description: about, license: { name: 'MIT' } },
      components: {
        securitySchemes: {
          registryToken: { type: 'http', scheme: 'bearer', description: 'A registry token, or an API token.' },
        },
      },
      tags: [
        { name: 'servers', description: 'What is in the registry.' },
        { name: 'changes', description: 'Keeping an exact copy.' },
        { name: 'publishing', description: 'Writing: a token is needed, and a proof of the name.' },
        { name: 'auth', description: 'Proofs of who you are, exchanged for a registry token.' },
        { name: 'domains', description: 'Proving a domain to an account.' },
        { name: 'about', description: 'The registry itself.' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
  await fastify.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', deepLinking: true },
    theme: { title: 'MCP Registry: REST API' },
    staticCSP: {
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    },
  });
}

/** The provider describes every schema as input and as output; of these only what is referred to stays. */
function withoutUnused<Document extends object>(document: Document): Document {
  const { paths = {}, components }: { paths?: object; components?: { schemas?: Record<string, object> } } = document;
  const schemas = components?.schemas ?? {};
  const used = new Set<string>();
  const follow = (part: object = {}): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name]);
    }
  };
  follow(paths);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return document;
}

/** Answers the document itself; it never changes while the process runs. */
export function openapiOperations(fastify: FastifyInstance): { json: Operation; yaml: Operation } {
  return {
    json: operation({ handle: () => ({ body: JSON.stringify(fastify.swagger()) }) }),
    yaml: operation({ handle: () => ({ body: fastify.swagger({ yaml: true }), type: 'application/yaml' }) }),
  };
}

/** What @fastify/swagger and the validator want to know of a route. */
export function schemaOf({ path, operation: { described, query, params, body } }: Route) {
  const input = { ...(query && { querystring: query }), ...(params && { params }), ...(body && { body }) };
  if (!described) return { ...input, hide: true };
  const [, version] = path.split('/');
  return {
    ...input,
    operationId: `${described.id}-${version}`,
    summary: described.summary,
    description: described.description,
    tags: [described.tag],
    ...(described.secured && { security: [{ registryToken: [] }] }),
    response: responsesOf(described),
  };
}

const reasons: Record<number, string> = {
  400: 'What was asked can not be understood.',
  401: 'There is no token, it has ended, or the proof does not prove it.',
  403: 'The login may not do that.',
  404: 'There is no such thing, or this registry does not offer it.',
  409: 'It is there already, and differs; or there are as many as there may be.',
  413: 'The body is too large.',
  422: 'A parameter or a part of the body is missing, not of its type or out of its bounds.',
  429: 'Too many requests: wait as long as `Retry-After` says.',
  503: 'The registry, or someone outside who had to be asked, does not answer: try again after `Retry-After`.',
};

function responsesOf({ answer, type = 'application/json', summary, problems }: Description) {
  const refusals = problems.map((status) => [
    status,
    { description: reasons[status], content: { 'application/problem+json': { schema: Problem } } },
  ]);
  return {
    200: { description: summary, content: { [type]: { schema: answer } } },
    ...Object.fromEntries(refusals),
  };
}
