import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PackageClaim } from '../../src/packages/package.ts';
import { verifyPackages } from '../../src/packages/verify.ts';
import { failures } from '../external/failures.ts';
import type { FakeUpstream } from '../external/fake-upstream.ts';
import { startTrap } from '../external/servers.ts';
import { aPackage, startUpstreams, type Upstreams } from './upstreams.ts';

const NAME = 'io.github.acme/weather';
const LIMITS = { answerMs: 1_000, fileMs: 1_000 };
const MEGABYTE = 1024 * 1024;
/** 2 MiB that are read, and what the system takes in on both sides of a socket before we can stop it. */
const MAX_SENT = 2 * MEGABYTE + 10 * MEGABYTE;

/** Every kind: a sound package of it, and what fails when its upstream does; later steps fail alone too. */
const kinds: Record<
  string,
  { prepare(upstreams: Upstreams): { fake: FakeUpstream; claim: PackageClaim; path?: RegExp } }
> = {
  npm: {
    prepare: ({ npm }) => {
      npm.publish('weather', '1.0.0', { mcpName: NAME });
      return { fake: npm, claim: aPackage('npm', 'weather', { version: '1.0.0' }) };
    },
  },
  PyPI: {
    prepare: ({ pypi }) => {
      pypi.publish('weather', '1.0.0', `mcp-name: ${NAME}`);
      return { fake: pypi, claim: aPackage('pypi', 'weather', { version: '1.0.0' }) };
    },
  },
  NuGet: {
    prepare: ({ nuget }) => {
      nuget.publish('weather', '1.0.0', `mcp-name: ${NAME}`);
      return { fake: nuget, claim: aPackage('nuget', 'weather', { version: '1.0.0' }) };
    },
  },
  'NuGet’s READMEs': {
    prepare: (upstreams) => ({ ...kinds.NuGet!.prepare(upstreams), path: /readme$/ }),
  },
  OCI: {
    prepare: ({ oci }) => {
      oci.push('docker.io/acme/weather:1', { 'io.modelcontextprotocol.server.name': NAME });
      return { fake: oci, claim: aPackage('oci', 'docker.io/acme/weather:1') };
    },
  },
  'OCI tokens': {
    prepare: (upstreams) => ({ ...kinds.OCI!.prepare(upstreams), path: /^\/token/ }),
  },
  'OCI blobs': {
    prepare: (upstreams) => ({ ...kinds.OCI!.prepare(upstreams), path: /\/blobs\// }),
  },
  MCPB: {
    prepare: ({ releases }) => {
      const path = '/acme/weather-mcp/releases/download/v1/weather.mcpb';
      const fileSha256 = releases.upload(path, 'weather');
      return { fake: releases, claim: aPackage('mcpb', `https://github.com${path}`, { fileSha256 }) };
    },
  },
  'MCPB storage': {
    prepare: (upstreams) => ({ ...kinds.MCPB!.prepare(upstreams), path: /^\/storage/ }),
  },
  crates: {
    prepare: ({ crates }) => {
      crates.publish('weather', '1.0.0', `<p>mcp-name: ${NAME}</p>`);
      return { fake: crates, claim: aPackage('cargo', 'weather', { version: '1.0.0' }) };
    },
  },
  'crates’ READMEs': {
    prepare: (upstreams) => ({ ...kinds.crates!.prepare(upstreams), path: /^\/readmes\// }),
  },
};

const cells = Object.keys(kinds).flatMap((kind) => Object.keys(failures).map((failure) => ({ kind, failure })));
const slowest = { cell: '', ms: 0 };
const largest = { cell: '', bytes: 0 };

let inside: Awaited<ReturnType<typeof startTrap>>;
beforeAll(async () => {
  expect(cells).toHaveLength(11 * 11);
  inside = await startTrap();
});

afterAll(() => {
  inside.close();
  console.log(`${cells.length} cells; the slowest: ${slowest.cell}, ${slowest.ms} ms of ${LIMITS.answerMs} allowed`);
  console.log(`most bytes given to the network: ${largest.cell}, ${(largest.bytes / MEGABYTE).toFixed(1)} MiB`);
});

test.concurrent.for(cells)('$kind: $failure never verifies', async ({ kind, failure }) => {
  const upstreams = await startUpstreams();
  try {
    const { fake, claim, path } = kinds[kind]!.prepare(upstreams);
    const maxFileBytes = 2 * MEGABYTE;
    const [sound] = await verifyPackages(upstreams.registries({ maxFileBytes }), NAME, [claim]);
    expect(sound).toMatchObject({ verdict: { status: 'verified' } });

    const { trap } = inside;
    fake.fail(failures[failure]!(trap.port), path);
    const before = fake.bytesSent();
    const started = performance.now();
    const [answer] = await verifyPackages(upstreams.registries({ limits: LIMITS, maxFileBytes }), NAME, [claim]);
    const ms = Math.round(performance.now() - started);
    const bytes = fake.bytesSent() - before;
    if (ms > slowest.ms) Object.assign(slowest, { cell: `${kind}, ${failure}`, ms });
    if (bytes > largest.bytes) Object.assign(largest, { cell: `${kind}, ${failure}`, bytes });

    expect(answer!.verdict.status).toMatch(/^(unavailable|refused)$/);
    expect(answer!.verdict).not.toHaveProperty('evidence');
    if (failure === '429') expect(answer!.verdict).toMatchObject({ status: 'unavailable', retryAfter: 120 });
    if (['500', 'time-out', '1 byte a second', 'reset'].includes(failure)) {
      expect(answer!.verdict).toMatchObject({ status: 'unavailable', retryAfter: 15 });
    }
    expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
    expect(ms).toBeLessThan(10_000);
    expect(bytes).toBeLessThan(MAX_SENT);
    expect(trap).toMatchObject({ connections: 0, bytes: 0 });

    fake.fail(null);
    const [again] = await verifyPackages(upstreams.registries({ maxFileBytes }), NAME, [claim]);
    expect(again).toMatchObject({ verdict: { status: 'verified' } });
  } finally {
    await upstreams.close();
  }
});
