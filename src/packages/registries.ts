import type { PackagesConfig } from '../config.ts';
import type { Lookup } from '../external/address.ts';
import { type Crates, createCrates } from '../external/crates.ts';
import { createNpm, type Npm, npmDefaultUrl } from '../external/npm.ts';
import { createNuget, type Nuget } from '../external/nuget.ts';
import { createOci, type OciRegistries } from '../external/oci.ts';
import { createPypi, type Pypi } from '../external/pypi.ts';
import { createReleaseFiles, type ReleaseFiles } from '../external/release-file.ts';

/** Everyone who is asked whose package it is, and how long that may take. */
export interface PackageRegistries {
  readonly npm: Npm;
  readonly pypi: Pypi;
  readonly nuget: Nuget;
  readonly oci: OciRegistries;
  readonly releaseFiles: ReleaseFiles;
  readonly crates: Crates;
  /** What a document may give as `registryBaseUrl`; the first is the public one. */
  readonly baseUrls: Readonly<Record<'npm' | 'pypi' | 'nuget' | 'cargo', string[]>>;
  /** Besides those that everyone may name, the hosts of release files. */
  readonly releaseHosts: string[];
  readonly limits: PackageLimits;
}

/** How long one package may take, in milliseconds: waiting for its turn included. */
export interface PackageLimits {
  answerMs: number;
  fileMs: number;
}

/** What tests make shorter, or lead elsewhere. */
export interface PackageOptions {
  limits?: Partial<PackageLimits>;
  maxFileBytes?: number;
  lookup?: Lookup;
}

const LIMITS: PackageLimits = { answerMs: 10_000, fileMs: 60_000 };

/** Makes the clients; nothing is asked before the first package. */
export function connectPackages(config: PackagesConfig, options: PackageOptions = {}): PackageRegistries {
  const { npmUrl, pypi, nuget, crates, ociRegistryUrls, mcpbHostUrls } = config;
  const limits = { ...LIMITS, ...options.limits };
  const npmPublic = npmDefaultUrl();
  const npm = npmUrl ?? npmPublic;
  return {
    npm: createNpm({ baseUrl: npm }),
    pypi: createPypi({ baseUrl: pypi.url }),
    nuget: createNuget({ indexUrl: nuget.url }),
    oci: createOci({ urls: ociRegistryUrls, lookup: options.lookup }),
    releaseFiles: createReleaseFiles({
      urls: mcpbHostUrls,
      timeoutMs: limits.fileMs,
      lookup: options.lookup,
      ...(options.maxFileBytes !== undefined && { maxBytes: options.maxFileBytes }),
    }),
    crates: createCrates({ baseUrl: crates.url }),
    baseUrls: {
      npm: [npmPublic, npm],
      pypi: [pypi.publicUrl, pypi.url],
      nuget: [nuget.publicUrl, new URL(nuget.publicUrl).origin, nuget.url],
      cargo: [crates.publicUrl, crates.url],
    },
    releaseHosts: Object.keys(mcpbHostUrls),
    limits,
  };
}
