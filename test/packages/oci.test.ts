import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseImage } from '../../src/packages/oci-reference.ts';
import type { PackageRegistries } from '../../src/packages/registries.ts';
import { serve, setTrap } from '../external/servers.ts';
import { aPackage, startUpstreams, type Upstreams, verdictOn } from './upstreams.ts';

const NAME = 'io.github.acme/weather';
const LABEL = 'io.modelcontextprotocol.server.name';
const labels = { [LABEL]: NAME };

let upstreams: Upstreams;
let registries: PackageRegistries;
beforeAll(async () => (upstreams = await startUpstreams()) && undefined);
beforeEach(() => {
  registries = upstreams.registries();
  upstreams.oci.realm(null);
});
afterAll(() => upstreams.close());

const verdict = (identifier: string, more: object = {}) =>
  verdictOn(registries, NAME, aPackage('oci', identifier, more));

describe('an image', () => {
  test.each(['docker.io', 'ghcr.io', 'quay.io', 'mcr.microsoft.com', 'us-central1-docker.pkg.dev', 'acme.azurecr.io'])(
    'of %s is the server’s when its label says so, and its digest is kept',
    async (registry) => {
      const digest = upstreams.oci.push(`${registry}/acme/weather:1.0.0`, labels);
      expect(await verdict(`${registry}/acme/weather:1.0.0`)).toEqual({
        status: 'verified',
        evidence: { label: NAME, digest, platformDigest: digest },
      });
    },
  );

  test('is had with an anonymous token for that repository, whatever the challenge asks for', async () => {
    upstreams.oci.push('ghcr.io/acme/weather:1.0.0', labels);
    const before = upstreams.oci.requests.length;
    await verdict('ghcr.io/acme/weather:1.0.0');
    const asked = upstreams.oci.requests.slice(before).map((one) => one.replace(/sha256[:%]\S+/, '…'));
    expect(asked).toEqual([
      'GET /ghcr.io/v2/acme/weather/manifests/1.0.0',
      'GET /token?service=ghcr.io&scope=repository%3Aacme%2Fweather%3Apull',
      'GET /ghcr.io/v2/acme/weather/manifests/1.0.0',
      'GET /ghcr.io/v2/acme/weather/blobs/…',
      'GET /storage/…',
    ]);
  });

  test.each(['oci', 'docker'] as const)('for several platforms is its linux/amd64 one (%s)', async (mediaTypes) => {
    const platforms = { 'linux/arm64': {}, 'linux/amd64': labels };
    const digest = upstreams.oci.push('ghcr.io/acme/multi:1', null, { platforms, mediaTypes });
    expect(await verdict('ghcr.io/acme/multi:1')).toMatchObject({ status: 'verified', evidence: { digest } });
  });

  test('for other platforms only is the first that is no attestation', async () => {
    upstreams.oci.push('ghcr.io/acme/arm:1', null, { platforms: { 'linux/arm64': labels, 'windows/amd64': {} } });
    expect(await verdict('ghcr.io/acme/arm:1')).toMatchObject({ status: 'verified' });
    upstreams.oci.push('ghcr.io/acme/empty:1', null, { platforms: {} });
    expect(await verdict('ghcr.io/acme/empty:1')).toMatchObject({ status: 'unavailable' });
  });

  test('by digest is those bytes, wherever its tag points', async () => {
    const digest = upstreams.oci.push('ghcr.io/acme/pinned:1', labels);
    const others = upstreams.oci.push('ghcr.io/acme/pinned:1', { [LABEL]: 'io.github.bob/weather' });
    expect(await verdict(`ghcr.io/acme/pinned:1@${digest}`)).toMatchObject({ status: 'verified' });
    expect(await verdict('ghcr.io/acme/pinned:1')).toMatchObject({ status: 'refused' });
    upstreams.oci.swap(others, digest);
    expect(await verdict(`ghcr.io/acme/pinned:1@${others}`)).toEqual({
      status: 'unavailable',
      message: 'ghcr.io answered with bytes of another digest than was asked for. Try again in a moment.',
      retryAfter: 15,
    });
  });

  test.each([
    ['io.github.acme/weather-evil', "got 'io.github.acme/weather-evil'"],
    ['io.github.bob/weather', "got 'io.github.bob/weather'"],
    ['', 'is missing required annotation. Add this to your Dockerfile: LABEL'],
  ])('with the label %j is refused', async (label, message) => {
    upstreams.oci.push('docker.io/acme/other:1', { [LABEL]: label });
    expect(await verdict('docker.io/acme/other:1')).toMatchObject({
      status: 'refused',
      message: expect.stringContaining(message),
    });
  });

  test.each([[null], [{}], [{ maintainer: NAME }]])('with the labels %j is told which to add', async (given) => {
    upstreams.oci.push('docker.io/acme/plain:1', given);
    expect(await verdict('docker.io/acme/plain:1')).toEqual({
      status: 'refused',
      message: `OCI image 'docker.io/acme/plain:1' is missing required annotation. Add this to your Dockerfile: LABEL ${LABEL}="${NAME}"`,
    });
  });

  test('that is private or not there is refused', async () => {
    upstreams.oci.push('ghcr.io/acme/private:1', labels, { private: true });
    expect(await verdict('ghcr.io/acme/private:1')).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('Only public images are supported'),
    });
    expect(await verdict('ghcr.io/acme/nothing:1')).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('does not exist in the registry'),
    });
  });

  test.each(['registryBaseUrl', 'version', 'fileSha256'])('says all in its identifier: no %s', async (field) => {
    expect(await verdict('ghcr.io/acme/weather:1.0.0', { [field]: 'x' })).toMatchObject({
      status: 'refused',
      message: expect.stringContaining(`OCI packages must not have '${field}'`),
    });
  });

  test.each([
    'registry.example.com/acme/weather:1',
    'localhost/acme/weather:1',
    'localhost:5000/acme/weather:1',
    '127.0.0.1:5000/acme/weather:1',
    'evil-azurecr.io/acme/weather:1',
    'azurecr.io/acme/weather:1',
    'docker.io.evil.com/acme/weather:1',
    'ghcr.io:444/acme/weather:1',
  ])('of %s is not asked for', async (identifier) => {
    expect(await verdict(identifier)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('is not supported'),
    });
  });

  test('of a registry that a stranger named is not looked for on a private address', async () => {
    const trap = await setTrap();
    const inside = upstreams.registries({ lookup: async () => ['127.0.0.1'] });
    const claim = aPackage('oci', 'mallory.azurecr.io/acme/weather:1');
    expect(await verdictOn(inside, NAME, claim)).toEqual({
      status: 'unavailable',
      message: 'mallory.azurecr.io leads to an address that is not on the public internet. Try again in a moment.',
      retryAfter: 15,
    });
    expect(trap.connections).toBe(0);
  });
});

describe('a token', () => {
  test('is not fetched from a host that is not the registry’s', async () => {
    const trap = await setTrap();
    const foreign = await serve((_request, response) => void response.end('{"token":"stolen"}'));
    for (const url of [`http://127.0.0.1:${trap.port}/token`, `${foreign}/token`, 'https://auth.example.com/token']) {
      upstreams.oci.realm(url);
      upstreams.oci.push('ghcr.io/acme/weather:1.0.0', labels);
      expect(await verdict('ghcr.io/acme/weather:1.0.0')).toMatchObject({
        status: 'unavailable',
        message: expect.stringContaining('for a token, which is not its.'),
      });
    }
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });
  });

  test.each(['', 'no url', '"'])('whose realm is %j means that the image is not public', async (realm) => {
    upstreams.oci.realm(realm);
    expect(await verdict('ghcr.io/acme/weather:1.0.0')).toMatchObject({ status: 'refused' });
  });
});

describe('parseImage', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['docker.io/acme/weather:1.0.0', 'docker.io', 'acme/weather', '1.0.0'],
    ['acme/weather:1.0.0', 'docker.io', 'acme/weather', '1.0.0'],
    ['docker.io/sunshad0w/html2md-mcp', 'docker.io', 'sunshad0w/html2md-mcp', 'latest'],
    ['index.docker.io/acme/weather:1', 'docker.io', 'acme/weather', '1'],
    ['redis:7', 'docker.io', 'library/redis', '7'],
    ['GHCR.io/acme/weather:V1', 'ghcr.io', 'acme/weather', 'V1'],
    ['us-central1-docker.pkg.dev/a/b/c/d:1', 'us-central1-docker.pkg.dev', 'a/b/c/d', '1'],
    ['localhost:5000/a/b', 'localhost:5000', 'a/b', 'latest'],
    [`ghcr.io/acme/weather@${digest}`, 'ghcr.io', 'acme/weather', digest],
    [`ghcr.io/acme/weather:1@${digest}`, 'ghcr.io', 'acme/weather', digest],
  ])('%s', (text, registry, repository, reference) => {
    expect(parseImage(text)).toEqual({ registry, repository, reference });
  });

  test.each([
    '',
    'ghcr.io/',
    'ghcr.io//weather:1',
    'ghcr.io/Acme/weather:1',
    'ghcr.io/../../token:1',
    'ghcr.io/acme/..:1',
    'ghcr.io/acme/weather:',
    'ghcr.io/acme/weather:..',
    'ghcr.io/acme/weather:a/b',
    'ghcr.io/acme/weather@sha256:abc',
    `ghcr.io/acme/weather@sha512:${'a'.repeat(64)}`,
    `ghcr.io/acme/weather@${digest}@${digest}`,
    'user@ghcr.io/acme/weather:1',
    'https://ghcr.io/acme/weather:1',
    'ghcr.io/acme/we ather:1',
    'ghcr.io/acme/weather?x=1',
    'ghcr.io/acme/weather%2f..:1',
    '[::1]:80/acme/weather:1',
    `ghcr.io/${'a'.repeat(500)}`,
  ])('%j is none', (text) => {
    expect(parseImage(text)).toBeNull();
  });
});
