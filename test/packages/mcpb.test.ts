import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageRegistries } from '../../src/packages/registries.ts';
import { failures } from '../external/failures.ts';
import { aPackage, startUpstreams, type Upstreams, verdictOn } from './upstreams.ts';

const NAME = 'io.github.acme/weather';
const PATH = '/acme/weather-mcp/releases/download/v1.0.0/weather.mcpb';

let upstreams: Upstreams;
let registries: PackageRegistries;
let sha256: string;
beforeAll(async () => {
  upstreams = await startUpstreams();
  registries = upstreams.registries();
  sha256 = upstreams.releases.upload(PATH, Buffer.alloc(3_000_000, 'weather'));
});
afterAll(() => upstreams.close());

const verdict = (identifier: string, fileSha256: string | null = sha256, more: object = {}) =>
  verdictOn(registries, NAME, aPackage('mcpb', identifier, { fileSha256, ...more }));

describe('a release file', () => {
  test('with that hash is taken, whatever version it says', async () => {
    for (const version of [null, '1.0.0']) {
      expect(await verdict(`https://github.com${PATH}`, sha256, { version })).toEqual({
        status: 'verified',
        evidence: { fileSha256: sha256, bytes: 3_000_000 },
      });
    }
  });

  test('may be GitLab’s', async () => {
    const paths = [
      '/acme/tools/weather-mcp/-/releases/v1.0.0/downloads/weather.mcpb',
      '/acme/weather-mcp/-/releases/v1.0.0/downloads/bin/weather.mcpb',
      '/acme/weather-mcp/-/package_files/123/download',
    ];
    for (const path of paths) {
      const hash = upstreams.releases.upload(path, path);
      expect(await verdict(`https://gitlab.com${path}`, hash)).toMatchObject({ status: 'verified' });
    }
  });

  test('with another hash is refused with both', async () => {
    const wrong = 'a'.repeat(64);
    expect(await verdict(`https://github.com${PATH}`, wrong)).toEqual({
      status: 'refused',
      message: `MCPB package 'https://github.com${PATH}' does not have the SHA-256 ${wrong}: the file there has ${sha256}. Correct fileSha256, or upload the right file.`,
    });
  });

  test('that is not there is refused', async () => {
    const identifier = `https://github.com${PATH.replace('v1.0.0', 'v2.0.0')}`;
    expect(await verdict(identifier)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('is not publicly accessible (status: 404)'),
    });
  });

  test('that is larger than the limit is refused, and not read to its end', async () => {
    const small = upstreams.registries({ maxFileBytes: 1_000_000 });
    const claim = aPackage('mcpb', `https://github.com${PATH}`, { fileSha256: sha256 });
    expect(await verdictOn(small, NAME, claim)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('github.com answered with more than is read here.'),
    });
    expect(small.releaseFiles.maxBytes).toBe(1_000_000);
    expect(registries.releaseFiles.maxBytes).toBe(200 * 1024 * 1024);
  });

  test('that takes too long is worth another try, and keeps no one from theirs', async () => {
    const hurried = upstreams.registries({ limits: { fileMs: 100 } });
    const claim = aPackage('mcpb', `https://github.com${PATH}`, { fileSha256: sha256 });
    const before = upstreams.releases.requests.length;
    upstreams.releases.fail(failures['1 byte a second']!(0));
    for (let i = 0; i < 6; i++) {
      expect(await verdictOn(hurried, NAME, claim)).toEqual({
        status: 'unavailable',
        message: 'github.com did not answer in time. Try again in a moment.',
        retryAfter: 15,
      });
    }
    upstreams.releases.fail(null);
    expect(upstreams.releases.requests.length - before).toBe(6);
  });

  test.each([null, '', 'abc', 'A'.repeat(64), `${'a'.repeat(64)}b`])('with the hash %j is refused', async (hash) => {
    expect(await verdict(`https://github.com${PATH}`, hash)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining("MCPB package needs 'fileSha256'"),
    });
  });

  test('has no registry', async () => {
    const registryBaseUrl = 'https://github.com';
    expect(await verdict(`https://github.com${PATH}`, sha256, { registryBaseUrl })).toEqual({
      status: 'refused',
      message: "MCPB packages must not have 'registryBaseUrl': leave it out.",
    });
  });

  test.each([
    ['http://github.com' + PATH, 'is no https:// address'],
    ['github.com' + PATH, 'is no https:// address'],
    ['file:///etc/mcp', 'is no https:// address'],
    ['https://example.com' + PATH, 'must be hosted on github.com or gitlab.com'],
    ['https://127.0.0.1' + PATH, 'must be hosted on'],
    ['https://github.com.evil.com' + PATH, 'must be hosted on'],
    ['https://github.com:8443' + PATH, 'must be hosted on'],
    ['https://github.com@evil.com' + PATH, 'must be hosted on'],
    ['https://raw.githubusercontent.com' + PATH, 'must be hosted on'],
    ['https://constructor' + PATH, 'must be hosted on'],
    ['https://user:pass@github.com' + PATH, 'is no file of a release'],
    ['https://github.com' + PATH + '?token=1', 'is no file of a release'],
    ['https://github.com/acme/weather-mcp/raw/main/weather.mcpb', 'is no file of a release'],
    ['https://github.com/acme/weather-mcp/releases/download/v1/../../../../evil/mcp', 'is no file of a release'],
    ['https://github.com/acme/weather-mcp/releases/download/v1/%2e%2e/mcp', 'is no file of a release'],
    ['https://gitlab.com' + PATH, 'is no file of a release'],
    ['https://github.com/acme/weather/releases/download/v1/weather.zip', "must have 'mcp' somewhere"],
    ['https://github.com/' + 'mcp'.repeat(2_000), 'is no https:// address'],
  ])('%s is not fetched', async (identifier, message) => {
    const before = upstreams.releases.requests.length;
    expect(await verdict(identifier)).toMatchObject({ status: 'refused', message: expect.stringContaining(message) });
    expect(upstreams.releases.requests).toHaveLength(before);
  });
});
