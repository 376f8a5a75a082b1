import type { Config } from './config.ts';
import { createCdn, type Cdn } from './external/cdn.ts';
import { createResolver, type Resolver } from './external/dns.ts';
import { createGithub, type Github } from './external/github.ts';
import { createKeyFileReader, type KeyFilePolicy, type ReadKeyFile } from './external/key-file.ts';
import { createOidcIssuer, type OidcIssuer } from './external/oidc.ts';
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
  options: OutsideOptions = {},
): Outside {
  return {
    github: createGithub(github),
    workflows: createOidcIssuer({
      issuer: github.oidcIssuer,
      jwksUri: `${github.oidcIssuer}/.well-known/jwks`,
      algorithms: ['RS256'],
    }),
    administrators: oidc && createOidcIssuer({ issuer: oidc.issuer }),
    resolver: createResolver(dnsServers),
    readKeyFile: createKeyFileReader(options.keyFiles),
    packages: connectPackages(packages, options.packages),
    cdn: cdn && createCdn(cdn),
  };
}
