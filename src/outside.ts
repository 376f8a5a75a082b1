import type { Config } from './config.ts';
import { createCdn, type Cdn } from './external/cdn.ts';
import { createResolver, type Resolver } from './external/dns.ts';
import { createGithub, type Github } from './external/github.ts';
import { createKeyFileReader, type KeyFilePolicy, type ReadKeyFile } from './external/key-file.ts';
import { createOidcIssuer, type OidcIssuer } from './external/oidc.ts';
import { timed, timedCall, type Asked } from './external/timed.ts';
import { connectPackages, type PackageOptions, type PackageRegistries } from './packages/registries.ts';

/** Everyone outside who is asked for proofs. */
export interface Outside {
  readonly github: Github;
  /** Who issues the identity tokens of GitHub's workflows. */
  readonly workflows: OidcIssuer;
  /** Who vouches for administrators; null: nobody. */
  readonly administrators: OidcIssuer | null;
  readonly resolver: Resolver;
  readonly readKeyFile: ReadKeyFile;
  /** Who is asked whose package it is. */
  readonly packages: PackageRegistries;
  /** The cache in front of us; null: none is told what to forget. */
  readonly cdn: Cdn | null;
}

/** What tests say of the outside. */
export interface OutsideOptions {
  keyFiles?: KeyFilePolicy;
  packages?: PackageOptions;
}

/** Makes the clients; nothing is asked before the first proof. */
export function connectOutside(
  { github, oidc, dnsServers, cdn, packages }: Config,
  told: Asked,
  options: OutsideOptions = {},
): Outside {
  const workflows = createOidcIssuer({
    issuer: github.oidcIssuer,
    jwksUri: `${github.oidcIssuer}/.well-known/jwks`,
    algorithms: ['RS256'],
  });
  return {
    github: timed('github', createGithub(github), told),
    workflows: timed('github-oidc', workflows, told),
    administrators: oidc && timed('oidc', createOidcIssuer({ issuer: oidc.issuer }), told),
    resolver: timed('dns', createResolver(dnsServers), told),
    readKeyFile: timedCall('key-file', createKeyFileReader(options.keyFiles), told),
    packages: timedPackages(connectPackages(packages, options.packages), told),
    cdn: cdn && timed('cdn', createCdn(cdn), told),
  };
}

const timedPackages = (registries: PackageRegistries, told: Asked): PackageRegistries => ({
  ...registries,
  npm: timed('npm', registries.npm, told),
  pypi: timed('pypi', registries.pypi, told),
  nuget: timed('nuget', registries.nuget, told),
  oci: timed('oci', registries.oci, told),
  releaseFiles: timed('mcpb', registries.releaseFiles, told),
  crates: timed('cargo', registries.crates, told),
});
