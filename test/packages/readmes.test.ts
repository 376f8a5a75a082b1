import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { visibleText } from '../../src/packages/cargo.ts';
import { findMarker } from '../../src/packages/marker.ts';
import type { PackageRegistries } from '../../src/packages/registries.ts';
import { aPackage, startUpstreams, type Upstreams, verdictOn } from './upstreams.ts';

const NAME = 'io.github.alice/foo';

describe('a README names the server', () => {
  test.each([
    ['mcp-name: io.github.alice/foo'],
    ['# Foo\n\nmcp-name: io.github.alice/foo\n\nmore'],
    ['<!-- mcp-name: io.github.alice/foo -->'],
    ['<!--mcp-name: io.github.alice/foo-->'],
    ['<!-- mcp-name:io.github.alice/foo-->'],
    ['.. mcp-name: io.github.alice/foo\r\n'],
    ['It is mcp-name: io.github.alice/foo.'],
    ['(`mcp-name: io.github.alice/foo`)'],
    ['_mcp-name: io.github.alice/foo_'],
    ['"mcp-name: io.github.alice/foo", and so on'],
    ['mcp-name: io.github.Alice/Foo'],
    ['mcp-name: io.github.alice/foo-evil\nmcp-name: io.github.alice/foo'],
  ])('%j', (readme) => {
    expect(findMarker(readme, NAME).found?.toLowerCase()).toBe(NAME);
  });

  test('with an underscore that Markdown escaped', () => {
    expect(findMarker('mcp-name: io.github.alice/foo\\_bar', 'io.github.alice/foo_bar').found).not.toBeNull();
    expect(findMarker('mcp-name: io.github.alice/foo\\_bar', NAME).found).toBeNull();
  });

  test('among a great deal of text, in no time', () => {
    const noise = [
      'mcp-name: '.repeat(100_000),
      `mcp-name:${' '.repeat(1_000_000)}`,
      `mcp-name: ${'.'.repeat(1_000_000)}x`,
      '\\'.repeat(1_000_000),
      '<'.repeat(1_000_000),
      '<p'.repeat(500_000),
      '<!--'.repeat(250_000),
      '&'.repeat(1_000_000),
    ];
    for (const text of noise) {
      const started = performance.now();
      findMarker(visibleText(text), NAME);
      const ms = performance.now() - started;
      console.log(`${text.slice(0, 12).trim()}… of ${text.length} characters: ${ms.toFixed(0)} ms`);
      expect(ms).toBeLessThan(500);
    }
    expect(findMarker(`${'words '.repeat(200_000)}mcp-name: ${NAME}`, NAME).found).toBe(NAME);
  });
});

describe('a README does not name it by', () => {
  test.each([
    ['io.github.alice/foo'],
    ['mcp-name: io.github.alice/foo-evil'],
    ['mcp-name: io.github.alice/foo.evil'],
    ['mcp-name: io.github.alice/foo_evil'],
    ['mcp-name: io.github.alice/foo/evil'],
    ['mcp-name: io.github.alice/foo2'],
    ['mcp-name: io.github.alice/fooé'],
    ['mcp-name: io.github.alice/foo\u200bevil'],
    ['mcp-name: io.github.alice/foo\u2011evil'],
    ['mcp-name: io.github.alice/foo\u{1d41e}vil'],
    ['mcp-name: io.github.alice/foo%2devil'],
    ['mcp-name: io.github.alice/foo&#45;evil'],
    ['mcp-name: io.github.alice/fo'],
    ['mcp-name: xio.github.alice/foo'],
    ['not-mcp-name: io.github.alice/foo'],
    ['mcp-name\n: io.github.alice/foo'],
    ['mcp-name:\nio.github.alice/foo'],
    ['mcp-name: io.github.аlice/foo'],
    [`mcp-name: ${'a'.repeat(400)}`],
    [''],
  ])('%j', (readme) => {
    expect(findMarker(readme, NAME).found).toBeNull();
  });

  test('what only HTML hides', () => {
    const html = (text: string) => findMarker(visibleText(text), NAME).found;
    expect(html(`<p>mcp-name: ${NAME}</p><p>More</p>`)).toBe(NAME);
    expect(html(`<p>mcp-name: <code>${NAME}</code></p>`)).toBe(NAME);
    expect(html(`<li>mcp-name:&nbsp;io.github.alice&#x2f;foo</li>`)).toBe(NAME);
    expect(html(`<!-- mcp-name: ${NAME} -->`)).toBeNull();
    expect(html(`<!-- mcp-name: ${NAME}`)).toBeNull();
    expect(html(`<p>mcp-name: ${NAME}<b>-evil</b></p>`)).toBeNull();
    expect(html(`<p>mcp-name: ${NAME}<!-- -->-evil</p>`)).toBeNull();
    expect(html(`<p>mcp-name: ${NAME}<prefix>-evil</prefix></p>`)).toBeNull();
    expect(html(`<a title="mcp-name: ${NAME}">hello</a>`)).toBeNull();
  });
});

let upstreams: Upstreams;
let registries: PackageRegistries;
beforeAll(async () => (upstreams = await startUpstreams()) && undefined);
beforeEach(() => void (registries = upstreams.registries()));
afterAll(() => upstreams.close());

/** The kinds that are proved by a README, as one: publish, and ask. */
const kinds: Record<string, { kind: string; publish(name: string, version: string, readme: string | null): void }> = {
  pypi: { kind: 'PyPI', publish: (...release) => upstreams.pypi.publish(...release) },
  nuget: { kind: 'NuGet', publish: (...release) => upstreams.nuget.publish(...release) },
  cargo: {
    kind: 'Cargo',
    publish: (name, version, readme) => {
      const html = readme && `<p>${readme}</p>`;
      upstreams.crates.publish(name, version, html, new Date(Date.now() - 3_600_000));
    },
  },
};

describe.each(Object.entries(kinds))('a %s package', (type, { kind, publish }) => {
  const verdict = (identifier: string, version: string | null = '1.0.0', more: object = {}) =>
    verdictOn(registries, NAME, aPackage(type, identifier, { version, ...more }));

  test('is the server’s when its README says so', async () => {
    publish('weather', '1.0.0', `Weather. mcp-name: ${NAME}`);
    expect(await verdict('weather')).toMatchObject({ status: 'verified', evidence: { mcpName: NAME } });
  });

  test('that names a longer name is refused, with what it names', async () => {
    publish('evil', '1.0.0', `mcp-name: ${NAME}-evil`);
    expect(await verdict('evil')).toEqual({
      status: 'refused',
      message: `${kind} package 'evil' ownership validation failed. The server name '${NAME}' must appear as 'mcp-name: ${NAME}' in the package README, got '${NAME}-evil'. Add it, publish a new version of the package, and name that version here.`,
    });
  });

  test('without a README is refused', async () => {
    publish('bare', '1.0.0', null);
    expect(await verdict('bare')).toMatchObject({ status: 'refused', message: expect.stringContaining(NAME) });
  });

  test.each(['nobody', 'weather'])('%s of a version that is not there is worth another try', async (identifier) => {
    expect(await verdict(identifier, '9.9.9')).toMatchObject({
      status: 'unavailable',
      retryAfter: 60,
      message: expect.stringContaining(`${kind} package '${identifier}'`),
    });
  });

  test.each([
    ['../secrets', '1.0.0'],
    ['..', '1.0.0'],
    ['a/b', '1.0.0'],
    ['weather', null],
    ['weather', '..'],
    ['weather', '../..'],
  ])('%s at %s is refused unasked', async (identifier, version) => {
    const asked = () => [upstreams.pypi, upstreams.nuget, upstreams.crates].map((one) => one.requests.length);
    const before = asked();
    expect(await verdict(identifier, version)).toMatchObject({ status: 'refused' });
    expect(asked()).toEqual(before);
  });

  test('is where everyone looks for it', async () => {
    publish('weather', '1.0.0', `mcp-name: ${NAME}`);
    for (const registryBaseUrl of registries.baseUrls[type as 'pypi']) {
      expect(await verdict('weather', '1.0.0', { registryBaseUrl })).toMatchObject({ status: 'verified' });
    }
    const elsewhere = { registryBaseUrl: 'https://packages.example.com' };
    expect(await verdict('weather', '1.0.0', elsewhere)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('registry type and base URL do not match'),
    });
  });
});

describe('what only one of them has', () => {
  const marker = `mcp-name: ${NAME}`;

  test('PyPI: names are compared by their normal form', async () => {
    upstreams.pypi.publish('Acme.Weather_MCP', '1.0', marker);
    const claim = aPackage('pypi', 'acme-weather-mcp', { version: '1.0' });
    expect(await verdictOn(registries, NAME, claim)).toMatchObject({ status: 'verified' });
  });

  test('PyPI: a hash must be one of the files’', async () => {
    const [wheel, other] = ['a'.repeat(64), 'b'.repeat(64)];
    upstreams.pypi.publish('hashed', '1.0.0', marker, ['c'.repeat(64), wheel]);
    const claim = (fileSha256: string) => aPackage('pypi', 'hashed', { version: '1.0.0', fileSha256 });
    expect(await verdictOn(registries, NAME, claim(wheel))).toMatchObject({ evidence: { fileSha256: wheel } });
    expect(await verdictOn(registries, NAME, claim(other))).toMatchObject({ status: 'refused' });
  });

  test('NuGet: ids and versions are asked for in their normal form, the service index once', async () => {
    upstreams.nuget.publish('Acme.Weather', '1.0.0-beta', `<!-- ${marker} -->`);
    const before = upstreams.nuget.requests.length;
    for (const version of ['1.0.0-beta', '1.0.0-BETA', '1.0.0.0-beta', '01.0-beta+build']) {
      const claim = aPackage('nuget', 'acme.weather', { version });
      expect(await verdictOn(registries, NAME, claim)).toMatchObject({ evidence: { version: '1.0.0-beta' } });
    }
    expect(upstreams.nuget.requests.slice(before)).toEqual([
      'GET /v3/index.json',
      ...Array(4).fill('GET /v3-flatcontainer/acme.weather/1.0.0-beta/readme'),
    ]);
  });

  test('Cargo: a README in a comment is not seen by anyone', async () => {
    upstreams.crates.publish('hidden', '1.0.0', `<!-- ${marker} --><p>Weather</p>`);
    const claim = aPackage('cargo', 'hidden', { version: '1.0.0' });
    expect(await verdictOn(registries, NAME, claim)).toMatchObject({ status: 'refused' });
  });

  test('Cargo: a README that is not made yet is worth another try', async () => {
    upstreams.crates.publish('fresh', '1.0.0', null, new Date());
    const claim = aPackage('cargo', 'fresh', { version: '1.0.0' });
    expect(await verdictOn(registries, NAME, claim)).toMatchObject({ status: 'unavailable', retryAfter: 60 });
  });

  test('Cargo: no README is read from anywhere else', async () => {
    const other = await startUpstreams();
    other.releases.upload('/readme.html', `<p>${marker}</p>`);
    other.crates.readmesAt(`${other.releases.url}/readme.html`);
    const claim = aPackage('cargo', 'lured', { version: '1.0.0' });
    expect(await verdictOn(other.registries(), NAME, claim)).toMatchObject({
      status: 'unavailable',
      message: 'crates.io named a README elsewhere. Try again in a moment.',
    });
    expect(other.releases.requests).toEqual([]);
    await other.close();
  });
});
