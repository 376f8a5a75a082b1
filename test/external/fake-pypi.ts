import { type FakeUpstream, sendJson, startFakeUpstream } from './fake-upstream.ts';

/** A Python package index. */
export interface FakePypi extends FakeUpstream {
  /** Publishes a release with its README and the SHA-256 of its files. */
  publish(name: string, version: string, description: string | null, sha256s?: string[]): void;
}

/** Starts the fake: like PyPI it knows projects by their normal name, and redirects to it. */
export async function startFakePypi(): Promise<FakePypi> {
  const releases = new Map<string, object>();
  const normal = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-');
  const upstream = await startFakeUpstream((_request, response, url) => {
    const [, name = '', version = ''] =
      /^\/pypi\/([^/]+)\/([^/]+)\/json$/.exec(url.pathname)?.map(decodeURIComponent) ?? [];
    if (name !== normal(name)) {
      response.writeHead(301, { location: `/pypi/${normal(name)}/${version}/json` }).end();
      return;
    }
    const found = releases.get(`${name} ${version}`);
    if (found) sendJson(response, 200, found);
    else sendJson(response, 404, { message: 'Not Found' });
  });
  return {
    ...upstream,
    publish: (name, version, description, sha256s = []) => {
      const urls = sha256s.map((sha256) => ({ filename: `${name}.whl`, digests: { sha256 } }));
      releases.set(`${normal(name)} ${version}`, { info: { name, version, description, yanked: false }, urls });
    },
  };
}
