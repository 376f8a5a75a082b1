import { LRUCache } from 'lru-cache';
import type { App } from '../app.ts';
import { RegistryError } from '../errors.ts';
import { unseal } from './credential.ts';
import { orUnavailable } from './outage.ts';
import type { Viewer } from './viewer.ts';

/** How long GitHub's word on a membership counts, from when it was asked: what was taken away is refused within 5 s. */
const FRESH_MS = 4_000;

const confirmed = new WeakMap<App, LRUCache<string, true>>();

/** Asks GitHub whether the viewer still owns the organisation; throws NAMESPACE_FORBIDDEN, or UPSTREAM_UNAVAILABLE when it can't be told. */
export async function confirmMembership(
  app: App,
  viewer: Viewer,
  organisation: { id: number; login: string },
): Promise<void> {
  // A workflow's token names the owner of the repository that it runs in; there is nobody whose membership could end.
  if (viewer.method === 'github-oidc') return;
  const known = confirmed.get(app) ?? new LRUCache<string, true>({ max: 10_000, ttl: FRESH_MS });
  confirmed.set(app, known);
  const key = `${viewer.credentialId} ${organisation.id}`;
  if (known.has(key)) return;
  const start = performance.now();
  const token = viewer.sealed === null ? null : unseal(app.keys, viewer.sealed);
  const owns =
    token !== null && (await orUnavailable('GitHub', (signal) => app.outside.github.owns(token, organisation, signal)));
  if (!owns) {
    throw new RegistryError(
      'NAMESPACE_FORBIDDEN',
      `GitHub no longer confirms that you own the organisation ${organisation.login}: log in again, or ask one of its owners.`,
      { namespaces: [] },
    );
  }
  known.set(key, true, { start });
}
