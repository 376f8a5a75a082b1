import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { npmDefaultUrl } from '../../src/external/npm.ts';
import type { PackageRegistries } from '../../src/packages/registries.ts';
import { aPackage, startUpstreams, type Upstreams, verdictOn } from './upstreams.ts';

const WEATHER = 'io.github.alice/weather';

let upstreams: Upstreams;
let registries: PackageRegistries;
beforeAll(async () => {
  upstreams = await startUpstreams();
  registries = upstreams.registries();
});
afterAll(() => upstreams.close());

const verdict = (identifier: string, version: string | null = '1.0.0', more: object = {}) =>
  verdictOn(registries, WEATHER, aPackage('npm', identifier, { version, ...more }));

describe('an npm package', () => {
  test.each(['weather', '@acme/weather', 'JSONStream', '@pulsemcp/pulse-fetch', 'a.b_c~d'])(
    '%s is the server’s when its package.json says so',
    async (name) => {
      upstreams.npm.publish(name, '1.0.0', { mcpName: WEATHER });
      expect(await verdict(name)).toEqual({
        status: 'verified',
        evidence: { mcpName: WEATHER, integrity: 'sha512-c29tZXRoaW5n' },
      });
      expect(upstreams.npm.requests.at(-1)).toBe(`GET /${name.replace(/(?<=.)\//, '%2F')}/1.0.0`);
    },
  );

  test('says it in any case, since names that differ in case only are one', async () => {
    upstreams.npm.publish('upper', '1.0.0', { mcpName: 'io.github.Alice/Weather' });
    expect(await verdict('upper')).toMatchObject({ status: 'verified' });
  });

  test.each(['io.github.alice/weather-pro', 'io.github.alice/weathe', 'io.github.mallory/weather', ' ' + WEATHER])(
    'that names %s is refused with both names',
    async (mcpName) => {
      upstreams.npm.publish('other', '1.0.0', { mcpName });
      expect(await verdict('other')).toEqual({
        status: 'refused',
        message: `NPM package ownership validation failed. Expected mcpName '${WEATHER}', got '${mcpName}': publish a version of 'other' with the expected one, or this server under the other name.`,
      });
    },
  );

  test.each([[{}], [{ mcpName: '' }], [{ mcpName: { $ne: null } }], [{ mcpName: [WEATHER] }]])(
    'with %j names nobody, and is told what to add',
    async (more) => {
      upstreams.npm.publish('silent', '1.0.0', more);
      expect(await verdict('silent')).toMatchObject({
        status: 'refused',
        message: expect.stringContaining(
          `NPM package 'silent' is missing required 'mcpName' field. Add this to your package.json: "mcpName": "${WEATHER}"`,
        ),
      });
    },
  );

  test('that is not served yet is worth another try, and is taken once it is', async () => {
    expect(await verdict('fresh')).toMatchObject({
      status: 'unavailable',
      retryAfter: 60,
      message: expect.stringContaining("NPM package 'fresh' version '1.0.0' not found (status: 404)."),
    });
    upstreams.npm.publish('fresh', '1.0.0', { mcpName: WEATHER });
    expect(await verdict('fresh')).toMatchObject({ status: 'verified' });
  });

  test('proves that version only', async () => {
    upstreams.npm.publish('moved', '1.0.0', { mcpName: WEATHER });
    upstreams.npm.publish('moved', '2.0.0', { mcpName: 'io.github.bob/weather' });
    upstreams.npm.tag('moved', 'latest', '1.0.0');
    expect(await verdict('moved', '2.0.0')).toMatchObject({ status: 'refused' });
    expect(await verdict('moved', 'latest')).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('name the exact version'),
    });
  });

  test.each([
    ['../../secrets', '1.0.0', "'../../secrets' is not the identifier of a NPM package"],
    ['..', '1.0.0', "'..' is not the identifier"],
    ['@acme/../weather', '1.0.0', 'is not the identifier'],
    ['weather?a=b', '1.0.0', 'is not the identifier'],
    ['we ather', '1.0.0', 'is not the identifier'],
    ['', '1.0.0', 'is not the identifier'],
    ['a'.repeat(300), '1.0.0', 'is not the identifier'],
    ['weather', null, "NPM package 'weather' needs a version"],
    ['weather', '', 'needs a version'],
    ['weather', '..', "'..' is not a version"],
    ['weather', '1.0.0/../../secrets', 'is not a version'],
    ['weather', '^1.0.0', 'is not a version'],
    ['weather', '\ud800', 'is not a version'],
  ])('%s at %s is refused unasked', async (identifier, version, message) => {
    const before = upstreams.npm.requests.length;
    expect(await verdict(identifier, version)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining(message),
    });
    expect(upstreams.npm.requests).toHaveLength(before);
  });

  test('comes from the public registry or the one of the settings', async () => {
    upstreams.npm.publish('based', '1.0.0', { mcpName: WEATHER });
    for (const registryBaseUrl of [npmDefaultUrl(), `${npmDefaultUrl()}/`, upstreams.npm.url]) {
      expect(await verdict('based', '1.0.0', { registryBaseUrl })).toMatchObject({ status: 'verified' });
    }
    expect(await verdict('based', '1.0.0', { registryBaseUrl: 'https://npm.example.com' })).toEqual({
      status: 'refused',
      message: `registry type and base URL do not match: 'https://npm.example.com' is not where NPM packages are. Leave registryBaseUrl out, or write ${npmDefaultUrl()}.`,
    });
  });

  test('has no file of its own to hash', async () => {
    expect(await verdict('weather', '1.0.0', { fileSha256: 'a'.repeat(64) })).toEqual({
      status: 'refused',
      message: "NPM packages must not have 'fileSha256': leave it out.",
    });
  });
});
