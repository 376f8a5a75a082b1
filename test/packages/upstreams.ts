import { loadConfig } from '../../src/config.ts';
import type { PackageClaim } from '../../src/packages/package.ts';
import { connectPackages, type PackageOptions, type PackageRegistries } from '../../src/packages/registries.ts';
import { type PackageVerdict, verifyPackages } from '../../src/packages/verify.ts';
import { type FakeCrates, startFakeCrates } from '../external/fake-crates.ts';
import { type FakeNpm, startFakeNpm } from '../external/fake-npm.ts';
import { type FakeNuget, startFakeNuget } from '../external/fake-nuget.ts';
import { type FakeOci, startFakeOci } from '../external/fake-oci.ts';
import { type FakePypi, startFakePypi } from '../external/fake-pypi.ts';
import { type FakeReleases, startFakeReleases } from '../external/fake-releases.ts';

/** Every package registry, on real sockets. */
export interface Upstreams {
  npm: FakeNpm;
  pypi: FakePypi;
  nuget: FakeNuget;
  oci: FakeOci;
  releases: FakeReleases;
  crates: FakeCrates;
  /** What leads the service to them: without the prefix, as for `startAuthWorld`. */
  settings: Record<string, string>;
  /** The same with the prefix, as for `createTestApp`. */
  env: Record<string, string>;
  /** New clients of them, made from the settings as the service makes its own. */
  registries(options?: PackageOptions): PackageRegistries;
  /** Makes all of them wait so long before each answer. */
  delay(ms: number): void;
  close(): Promise<void>;
}

const OCI_NAMES = [
  'docker.io',
  'ghcr.io',
  'quay.io',
  'mcr.microsoft.com',
  'us-central1-docker.pkg.dev',
  'acme.azurecr.io',
];
const RELEASE_HOSTS = ['github.com', 'gitlab.com'];

/** Starts them. */
export async function startUpstreams(): Promise<Upstreams> {
  const [npm, pypi, nuget, oci, releases, crates] = await Promise.all([
    startFakeNpm(),
    startFakePypi(),
    startFakeNuget(),
    startFakeOci(),
    startFakeReleases(),
    startFakeCrates(),
  ]);
  const all = [npm, pypi, nuget, oci, releases, crates];
  const settings = {
    NPM_REGISTRY_URL: npm.url,
    PYPI_URL: pypi.url,
    NUGET_URL: nuget.indexUrl,
    CRATES_URL: crates.url,
    OCI_REGISTRY_URLS: OCI_NAMES.map((name) => `${name}=${oci.at(name)}`).join(','),
    MCPB_HOST_URLS: RELEASE_HOSTS.map((host) => `${host}=${releases.url}`).join(','),
  };
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`MCP_REGISTRY_${name}`, value]));
  return {
    npm,
    pypi,
    nuget,
    oci,
    releases,
    crates,
    settings,
    env,
    registries: (options) => connectPackages(loadConfig(env).packages, options),
    delay: (ms) => all.forEach((one) => one.delay(ms)),
    close: async () => void (await Promise.all(all.map((one) => one.close()))),
  };
}

/** A claim as documents make it, with what matters. */
export const aPackage = (registryType: string, identifier: string, more: Partial<PackageClaim> = {}): PackageClaim => ({
  registryType,
  registryBaseUrl: null,
  identifier,
  version: null,
  fileSha256: null,
  ...more,
});

/** The verdict on one package. */
export async function verdictOn(registries: PackageRegistries, serverName: string, claim: PackageClaim) {
  const [first] = await verifyPackages(registries, serverName, [claim]);
  return (first as PackageVerdict).verdict;
}
