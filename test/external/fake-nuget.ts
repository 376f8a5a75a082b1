import { type FakeUpstream, sendJson, startFakeUpstream } from './fake-upstream.ts';

/** A NuGet source. */
export interface FakeNuget extends FakeUpstream {
  /** The address of its service index. */
  indexUrl: string;
  /** Publishes a version with the README inside of it; null: none. */
  publish(id: string, version: string, readme: string | null): void;
}

/** Starts the fake: a service index and, below it, the flat container. */
export async function startFakeNuget(): Promise<FakeNuget> {
  const readmes = new Map<string, Map<string, string | null>>();
  const upstream = await startFakeUpstream((request, response, url) => {
    const base = `http://${request.headers.host}/v3-flatcontainer`;
    if (url.pathname === '/v3/index.json') {
      const resources = [
        { '@id': `${base}/`, '@type': 'PackageBaseAddress/3.0.0' },
        { '@id': `${base}/{lower_id}/{lower_version}/readme`, '@type': 'ReadmeUriTemplate/6.13.0' },
      ];
      return sendJson(response, 200, { version: '3.0.0', resources });
    }
    const [, id = '', rest = ''] =
      /^\/v3-flatcontainer\/([^/]+)\/(.+)$/.exec(url.pathname)?.map(decodeURIComponent) ?? [];
    const versions = readmes.get(id);
    const readme = versions?.get(rest.replace(/\/readme$/, ''));
    if (rest === 'index.json' && versions) sendJson(response, 200, { versions: [...versions.keys()] });
    else if (readme) response.writeHead(200, { 'content-type': 'text/plain' }).end(readme);
    else response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error>BlobNotFound</Error>');
  });
  return {
    ...upstream,
    indexUrl: `${upstream.url}/v3/index.json`,
    publish: (id, version, readme) => {
      const versions = readmes.get(id.toLowerCase()) ?? new Map<string, string | null>();
      readmes.set(id.toLowerCase(), versions.set(version.toLowerCase(), readme));
    },
  };
}
