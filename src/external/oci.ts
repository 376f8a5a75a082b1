import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Lookup } from './address.ts';
import { type FetchOptions, guardedFetch } from './fetch.ts';
import { askToken, type Realm } from './oci-token.ts';
import type { GuardedResponse } from './response.ts';
import {
  addressOf,
  badStatus,
  createUpstream,
  readAnswer,
  UpstreamError,
  type Upstream,
  type UpstreamOptions,
} from './upstream.ts';

/** An image: `docker.io`, `library/redis`, and a tag or a digest. */
export interface OciImage {
  registry: string;
  repository: string;
  reference: string;
}

/** What a registry says of an image to anyone who asks. */
export type OciAnswer =
  | { status: 'found'; digest: string; platformDigest: string; labels: Record<string, string> }
  | { status: 'missing' | 'private' };

/** The registries that are asked for images. */
export interface OciRegistries {
  /** Whether images of this registry are asked for at all. */
  allows(registry: string): boolean;
  /** The labels of a public image, whose bytes are what their digests say. */
  image(image: OciImage, signal: AbortSignal): Promise<OciAnswer>;
}

export interface OciOptions extends UpstreamOptions {
  /** Registries that the operator named, by the name in an image's reference; they may be private. */
  urls: Record<string, string>;
  /** Who says where the others are; the system. */
  lookup?: Lookup;
}

/** A registry's base URL, and where its tokens may come from. */
interface Place extends Realm {
  baseUrl: string;
  guard: FetchOptions;
}

/** The public registries, with the host of their interface and, where it is another's, that of their tokens. */
const REGISTRIES: { name: RegExp; host?: string; tokens?: string }[] = [
  { name: /^docker\.io$/, host: 'registry-1.docker.io', tokens: 'auth.docker.io' },
  { name: /^ghcr\.io$/ },
  { name: /^quay\.io$/ },
  { name: /^mcr\.microsoft\.com$/ },
  { name: /^([a-z0-9-]+\.)+pkg\.dev$/ },
  { name: /^([a-z0-9-]+\.)+azurecr\.io$/ },
];

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const BLOB_REDIRECTS = 3;
/** So many registries are kept in mind; a stranger can name any of a host's subdomains. */
const UPSTREAMS_KEPT = 500;

const Digest = z.string().regex(/^sha256:[a-f0-9]{64}$/);
const Entry = z.object({
  digest: Digest,
  platform: z.object({ os: z.string(), architecture: z.string() }).nullish().catch(null),
  annotations: z.record(z.string(), z.string()).nullish().catch(null),
});
const Index = z.object({ manifests: z.array(z.unknown()) });
const Manifest = z.object({ config: z.object({ digest: Digest }) });
const Labels = z.record(z.string(), z.string()).nullish();
const Config = z.object({ config: z.object({ Labels }).nullish() });

/** Makes the client: anonymous, and bounded for each registry. */
export function createOci({ urls, lookup, ...options }: OciOptions): OciRegistries {
  const upstreams = new LRUCache<string, Upstream>({ max: UPSTREAMS_KEPT });
  const upstreamOf = (name: string): Upstream => {
    const known = upstreams.get(name) ?? createUpstream(name, options);
    upstreams.set(name, known);
    return known;
  };
  return {
    allows: (registry) => placeOf(registry, { urls, lookup }) !== null,
    image: (image, signal) => {
      const place = placeOf(image.registry, { urls, lookup });
      if (!place) throw new UpstreamError('blocked', `${image.registry} is no registry that is asked for images.`);
      return upstreamOf(image.registry).ask(signal, () => readImage(place, image, signal));
    },
  };
}

function placeOf(registry: string, { urls, lookup }: OciOptions): Place | null {
  const known = REGISTRIES.find(({ name }) => name.test(registry));
  const named = Object.hasOwn(urls, registry) ? urls[registry] : undefined;
  if (!known && named === undefined) return null;
  const baseUrl = named ?? `https://${known?.host ?? registry}`;
  const own = named !== undefined;
  const tokenHosts = known?.tokens === undefined ? [] : [known.tokens];
  return { name: registry, baseUrl, tokenHosts, guard: { allowPrivate: own, allowHttp: own, lookup } };
}

async function readImage(place: Place, { repository, reference }: OciImage, signal: AbortSignal): Promise<OciAnswer> {
  const base = addressOf(place.baseUrl, 'v2', ...repository.split('/'));
  const common = { ...place.guard, signal };
  const get = (path: string[], token: string | null, more: FetchOptions = {}) => {
    const headers = { accept: MANIFESTS, ...(token !== null && { authorization: `Bearer ${token}` }) };
    return guardedFetch(addressOf(base, ...path), { headers, ...common, ...more });
  };

  let token: string | null = null;
  let first = await get(['manifests', reference], null);
  if (first.status === 401) {
    first.discard();
    token = await askToken(place, first.headers.get('www-authenticate') ?? '', repository, common);
    if (token === null) return { status: 'private' };
    first = await get(['manifests', reference], token);
  }
  if (first.status === 404) return dropped(first, 'missing');
  if (first.status === 401 || first.status === 403) return dropped(first, 'private');
  const top = await content(place, first, reference);

  const platformDigest = pickPlatform(place, top.json) ?? top.digest;
  const follow = { maxRedirects: BLOB_REDIRECTS, publicRedirects: true };
  const part = async (path: string[], digest: string, more?: FetchOptions) =>
    (await content(place, await get([...path, digest], token, more), digest)).json;
  const manifest = platformDigest === top.digest ? top.json : await part(['manifests'], platformDigest);
  const { digest: configDigest } = readAnswer(place.name, Manifest, manifest).config;
  const { config } = readAnswer(place.name, Config, await part(['blobs'], configDigest, follow));
  return { status: 'found', digest: top.digest, platformDigest, labels: config?.Labels ?? {} };
}

/** The JSON of an answer with its digest, which must be the one that was asked for, if one was. */
async function content(place: Place, answer: GuardedResponse, reference: string) {
  if (answer.status !== 200) throw badStatus(place.name, answer);
  const bytes = await answer.bytes();
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (reference.startsWith('sha256:') && reference !== digest) {
    throw new UpstreamError('protocol', `${place.name} answered with bytes of another digest than was asked for.`);
  }
  try {
    return { digest, json: JSON.parse(new TextDecoder().decode(bytes)) as unknown };
  } catch (error) {
    throw new UpstreamError('protocol', `${place.name} answered with something that is no JSON.`, undefined, error);
  }
}

/** Of an image for several platforms, the one that is looked at: linux/amd64, or else the first that is an image. */
function pickPlatform(place: Place, top: unknown): string | null {
  const { success, data } = Index.safeParse(top);
  if (!success) return null;
  const entries = data.manifests.flatMap((one) => Entry.safeParse(one).data ?? []).filter((one) => !isAttestation(one));
  const usual = entries.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
  const picked = usual ?? entries[0];
  if (!picked) throw new UpstreamError('protocol', `${place.name} lists no image for any platform.`);
  return picked.digest;
}

/** What build tools put beside images: provenance, a list of contents. */
const isAttestation = ({ platform, annotations }: z.output<typeof Entry>): boolean =>
  platform?.os === 'unknown' || annotations?.['vnd.docker.reference.type'] !== undefined;

function dropped(answer: GuardedResponse, status: 'missing' | 'private'): OciAnswer {
  answer.discard();
  return { status };
}
