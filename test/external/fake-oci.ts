import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type FakeUpstream, sendJson, startFakeUpstream } from './fake-upstream.ts';

/** What is pushed besides the labels. */
export interface PushOptions {
  private?: boolean;
  /** Several platforms, each with labels of its own, and what builders put beside them. */
  platforms?: Record<string, Record<string, string>>;
  mediaTypes?: 'oci' | 'docker';
}

/** Image registries, one for each first part of a path: `/ghcr.io/v2/…`. */
export interface FakeOci extends FakeUpstream {
  /** Pushes `ghcr.io/acme/weather:1.0.0` with these labels; gives its digest. */
  push(image: string, labels: Record<string, string> | null, options?: PushOptions): string;
  /** Serves the bytes of another digest under this one. */
  swap(digest: string, other: string): void;
  /** Where it sends those who have no token; null: to itself. */
  realm(url: string | null): void;
  /** The base URL of the registry of that name. */
  at(registry: string): string;
}

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** Starts the fake: it wants an anonymous token for everything, and keeps blobs at another path. */
export async function startFakeOci(): Promise<FakeOci> {
  const contents = new Map<string, string>();
  const tags = new Map<string, string>();
  const hidden = new Set<string>();
  const tokens = new Map<string, string>();
  let realmUrl: string | null = null;

  const upstream = await startFakeUpstream((request, response, url) => {
    const host = `http://${request.headers.host}`;
    if (url.pathname === '/token') {
      const scope = url.searchParams.get('scope') ?? '';
      if ([...hidden].some((one) => scope === `repository:${one}:pull`)) return sendJson(response, 401, {});
      const token = randomBytes(12).toString('base64url');
      tokens.set(`Bearer ${token}`, scope);
      return sendJson(response, 200, { token, expires_in: 300 });
    }
    if (url.pathname.startsWith('/storage/')) return sendContent(response, url.pathname.slice('/storage/'.length));
    const [, registry = '', repository = '', kind = '', reference = ''] =
      /^\/([^/]+)\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname)?.map(decodeURIComponent) ?? [];
    if (tokens.get(request.headers.authorization ?? '') !== `repository:${repository}:pull`) {
      const challenge = `Bearer realm="${realmUrl ?? `${host}/token`}",service="${registry}",scope="repository:other:pull"`;
      return sendJson(response, 401, { errors: [{ code: 'UNAUTHORIZED' }] }, { 'www-authenticate': challenge });
    }
    const digest = tags.get(`${registry}/${repository}:${reference}`) ?? reference;
    if (kind === 'blobs') return void response.writeHead(307, { location: `/storage/${digest}` }).end();
    sendContent(response, digest);
  });

  function sendContent(response: ServerResponse, digest: string): void {
    const content = contents.get(decodeURIComponent(digest));
    if (content === undefined) return sendJson(response, 404, { errors: [{ code: 'MANIFEST_UNKNOWN' }] });
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(content);
  }

  const store = (value: object): string => {
    const content = JSON.stringify(value);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    contents.set(digest, content);
    return digest;
  };
  const storeImage = (labels: Record<string, string> | null, docker: boolean, architecture = 'amd64'): string => {
    const config = store({ os: 'linux', architecture, config: labels && { Labels: labels } });
    const mediaType = docker ? DOCKER_MANIFEST : OCI_MANIFEST;
    return store({ schemaVersion: 2, mediaType, config: { digest: config, size: 1 }, layers: [] });
  };
  const storeList = (platforms: Record<string, Record<string, string>>, docker: boolean): string => {
    const attestation = {
      digest: store({ schemaVersion: 2, config: { digest: store({}) }, layers: [] }),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const images = Object.entries(platforms).map(([platform, labels]) => {
      const [os, architecture = ''] = platform.split('/');
      return { digest: storeImage(labels, docker, architecture), platform: { os, architecture } };
    });
    const mediaType = docker ? DOCKER_LIST : OCI_INDEX;
    return store({ schemaVersion: 2, mediaType, manifests: [attestation, ...images] });
  };

  return {
    ...upstream,
    push: (image, labels, { private: isPrivate = false, platforms, mediaTypes = 'oci' } = {}) => {
      const docker = mediaTypes === 'docker';
      const digest = platforms ? storeList(platforms, docker) : storeImage(labels, docker);
      tags.set(image, digest);
      if (isPrivate) hidden.add(image.replace(/^[^/]+\//, '').replace(/:[^:]+$/, ''));
      return digest;
    },
    swap: (digest, other) => void contents.set(digest, contents.get(other) ?? ''),
    realm: (url) => void (realmUrl = url),
    at: (registry) => `${upstream.url}/${registry}`,
  };
}
