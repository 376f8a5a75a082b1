import { type FakeUpstream, sendJson, startFakeUpstream } from './fake-upstream.ts';

/** An npm registry. */
export interface FakeNpm extends FakeUpstream {
  /** Publishes a version, with more of its package.json. */
  publish(name: string, version: string, more?: Record<string, unknown>): void;
  /** Points a tag, such as `latest`, at a version. */
  tag(name: string, tag: string, version: string): void;
  unpublish(name: string, version: string): void;
}

/** Starts the fake. */
export async function startFakeNpm(): Promise<FakeNpm> {
  const versions = new Map<string, Record<string, unknown>>();
  const tags = new Map<string, string>();
  const upstream = await startFakeUpstream((_request, response, url) => {
    const [, name = '', version = ''] =
      /^\/(@[^/]+|[^/@]+)\/([^/]+)$/.exec(url.pathname)?.map(decodeURIComponent) ?? [];
    const found = versions.get(`${name} ${tags.get(`${name} ${version}`) ?? version}`);
    if (found) sendJson(response, 200, found);
    else sendJson(response, 404, `version not found: ${version}`);
  });
  return {
    ...upstream,
    publish: (name, version, more = {}) => {
      const dist = { integrity: 'sha512-c29tZXRoaW5n', tarball: `${upstream.url}/${name}/-/it.tgz` };
      versions.set(`${name} ${version}`, { name, version, dist, ...more });
    },
    tag: (name, tag, version) => void tags.set(`${name} ${tag}`, version),
    unpublish: (name, version) => void versions.delete(`${name} ${version}`),
  };
}
