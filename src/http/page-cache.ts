import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { App } from '../app.ts';
import { askedOf, type Asked } from './asked.ts';
import { acceptedForm } from './form.ts';
import { routeOf } from './metrics.ts';
import { sendPage, type Page } from './page.ts';

/** Answers that anyone may share, ready to be sent again until the registry's revision moves. */
export interface PageCache {
  /** Answers from memory and says so; false: nothing was done. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** Waits while another request makes the same answer, and takes that; false: this request is to make its own. */
  wait(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Keeps an answer for those who ask the same, if nothing has changed since its revision. */
  keep(request: IncomingMessage, page: Page): void;
  /** Tells the metrics what was answered since the last time. */
  report(): void;
}

/** Where there are answers to share; other paths never wait for one another. */
const SHARED = /^\/(?:$|\?|servers\/|openapi\.|\.well-known\/|graphql\?|v0(?:\.1)?\/(?:servers|changes)(?:[/?]|$))/;

const sizeOf = (page: Page, key: string) => key.length + page.memory;

/** However little changes: what is looked up by other means than the revision is not kept for ever. */
const MAX_AGE_MS = 60_000;

/** Addresses that are counted before the metrics are told. */
const MAX_COUNTED = 10_000;

/** How the request that others wait for ended: they look into the cache, make their own, or wait for the next. */
type Outcome = 'kept' | 'not for keeping' | 'gone';

/** A place for pages of so many bytes; null for none. */
const createPages = (maxSize: number) =>
  maxSize > 0
    ? new LRUCache<string, Page>({ maxSize, sizeCalculation: sizeOf, ttl: MAX_AGE_MS, ttlResolution: 1_000 })
    : null;

/** Makes an empty cache of as many bytes as the configuration says. */
export function createPageCache(app: App): PageCache {
  const pages = createPages(app.config.pageCacheBytes);
  const making = new Map<string, { outcome: Promise<Outcome>; end: (outcome: Outcome) => void }>();
  const counts = new Counts(app);
  let revision = 0;
  const upToDate = () => {
    const current = app.revision.current();
    if (current !== revision) pages?.clear();
    return (revision = current);
  };
  const answer = (request: IncomingMessage, response: ServerResponse): boolean => {
    const asked = askedOf(request);
    const key = pages && keyOf(request, asked);
    if (!key) return false;
    upToDate();
    const page = pages.get(key);
    if (!page) return false;
    const sent = sendPage(request, response, page, asked);
    if (typeof sent === 'number') counts.hit(request, sent);
    // What fails here is the memory or the process.
    else void sent.then((status) => counts.hit(request, status)).catch(() => response.destroy());
    return true;
  };
  return {
    answer,
    wait: async (request, response) => {
      const key = pages && isShared(request) && keyOf(request, askedOf(request));
      if (!key) return false;
      for (let other = making.get(key); other; other = making.get(key)) {
        const outcome = await other.outcome;
        if (answer(request, response)) return true;
        if (outcome === 'not for keeping') break;
      }
      counts.misses += 1;
      if (making.has(key)) return false;
      const { promise: outcome, resolve } = Promise.withResolvers<Outcome>();
      const end = (how: Outcome) => {
        making.delete(key);
        resolve(how);
      };
      making.set(key, { outcome, end });
      response.once('close', () => {
        if (making.get(key)?.outcome === outcome) end(response.writableFinished ? 'not for keeping' : 'gone');
      });
      return false;
    },
    keep: (request, page) => {
      const key = pages && isShared(request) && keyOf(request, askedOf(request));
      if (!key) return;
      const current = page.revision === upToDate();
      if (current) pages.set(key, page);
      making.get(key)?.end(current ? 'kept' : 'gone');
    },
    report: () => {
      counts.report();
      app.metrics.pageBytes.set(pages?.calculatedSize ?? 0);
    },
  };
}

/** Whether there is an answer to share at this address: nothing is kept for any other. */
const isShared = ({ url = '' }: IncomingMessage) => SHARED.test(url);

/** What an answer depends on; null for a request whose answer is nobody else's. Of all headers only Accept counts, in its forms. */
function keyOf({ method, url = '' }: IncomingMessage, { own, accept }: Asked): string | null {
  if ((method !== 'GET' && method !== 'HEAD') || own) return null;
  if (!url.startsWith('/graphql')) return url;
  const form = acceptedForm(accept);
  return form === 'application/json' ? url : `${url} ${form}`;
}

/** Counts in numbers, which the metrics are told when someone asks: a label looked up costs as much as a hit. */
class Counts {
  misses = 0;
  readonly #app: App;
  /** By status, then by path. */
  readonly #hits = { 200: new Map<string, number>(), 304: new Map<string, number>() };
  readonly #debug: boolean;

  constructor(app: App) {
    this.#app = app;
    this.#debug = app.log.isLevelEnabled('debug');
  }

  hit({ method = '', url = '' }: IncomingMessage, status: 200 | 304): void {
    const hits = this.#hits[status];
    const name = method === 'GET' ? url : `HEAD ${url}`;
    hits.set(name, (hits.get(name) ?? 0) + 1);
    if (hits.size > MAX_COUNTED) this.report();
    if (this.#debug) this.#app.log.debug({ method, url, status }, 'answered from memory');
  }

  report(): void {
    const { requests, pageLookups } = this.#app.metrics;
    for (const status of [200, 304] as const) {
      for (const [name, count] of this.#hits[status]) {
        const [method, url] = name.startsWith('HEAD ') ? ['HEAD', name.slice(5)] : ['GET', name];
        requests.inc({ door: 'public', method, route: routeOf(url.split('?', 1)[0]!), status }, count);
        pageLookups.inc({ outcome: 'hit' }, count);
      }
      this.#hits[status].clear();
    }
    pageLookups.inc({ outcome: 'miss' }, this.misses);
    this.misses = 0;
  }
}
