import { createHash } from 'node:crypto';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';

/** A host of release files. */
export interface FakeReleases extends FakeUpstream {
  /** Puts a file at a path; gives its SHA-256. */
  upload(path: string, content: string | Buffer): string;
}

/** Starts the fake: like GitHub it redirects to where the files are kept. */
export async function startFakeReleases(): Promise<FakeReleases> {
  const files = new Map<string, Buffer>();
  const upstream = await startFakeUpstream((_request, response, url) => {
    const [, stored] = /^\/storage(\/.*)$/.exec(url.pathname) ?? [];
    const file = files.get(stored ?? url.pathname);
    if (!file) response.writeHead(404).end('Not Found');
    else if (stored === undefined) response.writeHead(302, { location: `/storage${url.pathname}` }).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file);
  });
  return {
    ...upstream,
    upload: (path, content) => {
      const file = Buffer.from(content);
      files.set(path, file);
      return createHash('sha256').update(file).digest('hex');
    },
  };
}
