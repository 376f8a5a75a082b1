import { githubLogin, startAuthWorld, staffLogin, type AuthWorld } from '../auth/outside.ts';
import { alice, bob } from '../auth/principals.ts';
import { startUpstreams, type Upstreams } from '../packages/upstreams.ts';

/** The service beside everyone whom it asks, and two publishers and an administrator who have logged in. */
export interface PublishWorld extends AuthWorld {
  upstreams: Upstreams;
  alice: string;
  bob: string;
  administrator: string;
}

/** Starts all of it; `env` as for the service, without its prefix. */
export async function startPublishWorld(env: Record<string, string> = {}): Promise<PublishWorld> {
  const upstreams = await startUpstreams();
  const world = await startAuthWorld({ ...upstreams.settings, ...env });
  for (const { id, login } of [alice, bob]) world.github.name(id, login);
  return {
    ...world,
    upstreams,
    alice: await githubLogin(world, alice.id),
    bob: await githubLogin(world, bob.id),
    administrator: await staffLogin(world),
    close: async () => {
      await world.close();
      await upstreams.close();
    },
  };
}

const mutation = `mutation ($input: PublishServerInput!) { publishServer(input: $input) {
  __typename
  ... on PublishServerPayload { outcome version { name version isLatest digest publisher { method subject } } warnings { reference } }
  ... on Error { code message retryable }
  ... on ValidationFailed { issues { path type message severity reference } }
  ... on VersionExists { existing { version digest } }
  ... on OwnershipUnproven { package { registryType identifier version } }
  ... on NamespaceForbidden { namespaces }
  ... on UpstreamUnavailable { retryAfter }
  ... on RemoteUrlTaken { servers }
} }`;

/** Publishes by GraphQL; what the mutation answers. */
export async function publish({ registry }: AuthWorld, token: string | undefined, document: object, dryRun = false) {
  const { data, errors } = await registry.graphql(mutation, { input: { document, dryRun } }, token);
  return data?.publishServer ?? errors?.[0]?.extensions;
}

/** Sends a body to a path of the REST API. */
export async function send(
  { registry }: AuthWorld,
  request: { method?: string; path: string; token?: string; body: object | string },
): Promise<{ status: number; headers: Headers; text: string; json: ReturnType<typeof JSON.parse> }> {
  const { method = 'POST', path, token, body } = request;
  const answer = await registry.rest(path, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
}

/** The path of a version in the REST API. */
export const pathOf = (name: string, version: string) =>
  `/v0.1/servers/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
