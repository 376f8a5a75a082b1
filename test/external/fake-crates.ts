import { type FakeUpstream, sendJson, startFakeUpstream } from './fake-upstream.ts';

/** A crates.io. */
export interface FakeCrates extends FakeUpstream {
  /** Publishes a version with its README as HTML; null: none, or not made yet. */
  publish(name: string, version: string, readme: string | null, createdAt?: Date): void;
  /** Names READMEs at this address instead of its own. */
  readmesAt(url: string): void;
}

/** Starts the fake: like crates.io it names a README's address whether there is one or not. */
export async function startFakeCrates(): Promise<FakeCrates> {
  const versions = new Map<string, { readme: string | null; createdAt: Date }>();
  let elsewhere: string | null = null;
  const upstream = await startFakeUpstream((request, response, url) => {
    const [, name = '', version = '', rest] =
      /^\/api\/v1\/crates\/([^/]+)\/([^/]+)(\/readme)?$/
        .exec(url.pathname)
        ?.map((part) => part && decodeURIComponent(part)) ?? [];
    const [, file = ''] = /^\/readmes\/(.+)\.html$/.exec(url.pathname)?.map(decodeURIComponent) ?? [];
    const found = versions.get(`${name} ${version}`);
    if (rest) {
      const own = `http://${request.headers.host}/readmes/${name}%20${version}.html`;
      return sendJson(response, 200, { url: elsewhere ?? own });
    }
    if (file) {
      const readme = versions.get(file)?.readme;
      return void response.writeHead(readme ? 200 : 403, { 'content-type': 'text/html' }).end(readme ?? '<Error/>');
    }
    if (found) return sendJson(response, 200, { version: { num: version, created_at: found.createdAt.toISOString() } });
    sendJson(response, 404, { errors: [{ detail: 'Not Found' }] });
  });
  return {
    ...upstream,
    publish: (name, version, readme, createdAt = new Date()) =>
      void versions.set(`${name} ${version}`, { readme, createdAt }),
    readmesAt: (url) => void (elsewhere = url),
  };
}
