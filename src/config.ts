import { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import {
  MEGABYTES,
  PROCESSES,
  SEED,
  SERVERS,
  claims,
  flag,
  httpUrl,
  list,
  places,
  port,
  replicaUrl,
} from './setting.ts';
import { toTracing, tracingVariables, type TracingConfig } from './tracing-setting.ts';

export type { TracingConfig } from './tracing-setting.ts';

const PREFIX = 'MCP_REGISTRY_';

/** The command line client's variables, which may stand in the same environment. */
const CLIENTS = new Set(['URL', 'TOKEN']);

/** A wrong setting: one line that names the variable, what it got and what it wants. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Every variable, without the prefix. */
export const variables = z.object({
  PORT: port(8080),
  INTERNAL_PORT: port(8081),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: httpUrl,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'a postgresql:// URL' }).optional(),
  DATABASE_REPLICA_URLS: list(replicaUrl),
  DATA_DIR: z.string().default('.data'),
  SEED_FROM: z.string().optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GITHUB_URL: httpUrl,
  GITHUB_API_URL: httpUrl,
  GITHUB_OIDC_ISSUER: httpUrl,
  OIDC_ENABLED: flag(true),
  OIDC_ISSUER: httpUrl,
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_EXTRA_CLAIMS: claims,
  OIDC_PUBLISH_PERMISSIONS: list(),
  OIDC_EDIT_PERMISSIONS: list(),
  JWT_PRIVATE_KEY: list(z.string().regex(/^[0-9a-f]{64}$/i, { error: SEED })),
  ENABLE_ANONYMOUS_AUTH: flag(false),
  BLOCKED_NAMESPACES: list(),
  DNS_SERVERS: list(
    z.string().regex(/^(\d{1,3}(\.\d{1,3}){3}(:\d+)?|\[[0-9a-f:]+\](:\d+)?|[0-9a-f:]+)$/i, { error: SERVERS }),
  ),
  ENABLE_REGISTRY_VALIDATION: flag(true),
  NPM_REGISTRY_URL: httpUrl,
  PYPI_URL: httpUrl,
  NUGET_URL: httpUrl,
  CRATES_URL: httpUrl,
  OCI_REGISTRY_URLS: places,
  MCPB_HOST_URLS: places,
  CDN_KIND: z
    .enum(['varnish', 'fastly', 'cloudflare'], { error: 'one of varnish, fastly, cloudflare' })
    .default('varnish'),
  CDN_PURGE_URL: httpUrl,
  CDN_PURGE_TOKEN: z.string().optional(),
  ROUTER_SECRET: z.string().optional(),
  SUBGRAPH_INTROSPECTION: flag(true),
  RATE_LIMITS: flag(true),
  READ_ONLY: flag(false),
  OPERATION_MANIFESTS: list(),
  PERSISTED_ONLY: flag(false),
  PAGE_CACHE_MB: z.coerce.number({ error: MEGABYTES }).min(0, { error: MEGABYTES }).default(64),
  WORKERS: z.coerce.number({ error: PROCESSES }).int({ error: PROCESSES }).min(0, { error: PROCESSES }).default(1),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
});

/** Where GitHub is, and our OAuth app there. */
export interface GithubConfig {
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  readonly url: string;
  readonly apiUrl: string;
  /** Who issues the identity tokens of workflows. */
  readonly oidcIssuer: string;
}

/** Who administrates: whoever this issuer vouches for with these claims may publish and edit these names. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly claims: Record<string, unknown>[];
  readonly publish: string[];
  readonly edit: string[];
}

/** A package registry: where it is asked, and what everyone calls it, which is the same unless it is a mirror. */
export interface PackageRegistryConfig {
  readonly url: string;
  readonly publicUrl: string;
}

/** Who is asked whose package it is. */
export interface PackagesConfig {
  /** Whether anyone is asked at all. */
  readonly validate: boolean;
  /** null: where npm's own client asks. */
  readonly npmUrl: string | null;
  readonly pypi: PackageRegistryConfig;
  /** The address of a service index. */
  readonly nuget: PackageRegistryConfig;
  readonly crates: PackageRegistryConfig;
  /** Where image registries are, by the name that references give them; beside the public ones. */
  readonly ociRegistryUrls: Record<string, string>;
  /** Where hosts of release files are, by the name that addresses give them; beside github.com and gitlab.com. */
  readonly mcpbHostUrls: Record<string, string>;
}

/** The cache in front of the registry, and where it is told what to forget. */
export interface CdnConfig {
  readonly kind: 'varnish' | 'fastly' | 'cloudflare';
  readonly purgeUrl: string;
  readonly token: string | null;
}

/** The service's settings, checked; ports are TCP ports, 0 takes a free one. */
export interface Config {
  readonly port: number;
  readonly internalPort: number;
  readonly host: string;
  /** Issuer, audience and the base of absolute links; without a trailing slash. */
  readonly publicUrl: string;
  /** A PostgreSQL connection string; null means the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Connection strings of its standbys, which may be read from; empty: none. */
  readonly databaseReplicaUrls: string[];
  readonly dataDir: string;
  /** What fills an empty database: a file, a URL, a registry's base URL, `samples` or `none`. */
  readonly seedFrom: string;
  readonly github: GithubConfig;
  /** The issuer that administrators log in with; null: none. */
  readonly oidc: OidcConfig | null;
  /** Ed25519 seeds, hex: the first signs, all verify; empty: one is generated into `dataDir`. */
  readonly jwtPrivateKeys: string[];
  readonly anonymousAuth: boolean;
  /** Namespaces that nobody may write, with all below them. */
  readonly blockedNamespaces: string[];
  /** `host` or `host:port`; empty: the system's. */
  readonly dnsServers: string[];
  readonly packages: PackagesConfig;
  /** Null: none is told. */
  readonly cdn: CdnConfig | null;
  /** What routers must send in `router-authorization`; null: nothing. */
  readonly routerSecret: string | null;
  readonly subgraphIntrospection: boolean;
  readonly rateLimits: boolean;
  readonly readOnly: boolean;
  /** Files of GraphQL operations that are trusted. */
  readonly operationManifests: string[];
  /** Whether only those run at the public door. */
  readonly persistedOnly: boolean;
  /** How much of what was answered is kept ready, in bytes. */
  readonly pageCacheBytes: number;
  /** Processes that share the ports; 0: one on each core. */
  readonly workers: number;
  readonly logLevel: string;
  /** Null: no traces are made. */
  readonly tracing: TracingConfig | null;
  readonly production: boolean;
}

/** Reads the environment; throws ConfigError with one line for the first wrong variable. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(PREFIX) && value) given[name.slice(PREFIX.length)] = value;
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(variables.shape, name) && !CLIENTS.has(name));
  if (unknown) throw notThere(unknown);
  const parsed = variables.safeParse(given);
  if (!parsed.success) throw wrong(PREFIX, parsed.error.issues[0], given);
  const v = parsed.data;
  const production = env.NODE_ENV === 'production';
  return {
    port: v.PORT,
    internalPort: v.INTERNAL_PORT,
    host: v.HOST,
    publicUrl: v.PUBLIC_URL ?? `http://localhost:${v.PORT}`,
    databaseUrl: v.DATABASE_URL ?? null,
    databaseReplicaUrls: replicasOf(v),
    dataDir: v.DATA_DIR,
    seedFrom: v.SEED_FROM ?? (production ? 'none' : 'samples'),
    github: githubOf(v),
    oidc: oidcOf(v),
    jwtPrivateKeys: v.JWT_PRIVATE_KEY,
    anonymousAuth: v.ENABLE_ANONYMOUS_AUTH,
    blockedNamespaces: v.BLOCKED_NAMESPACES,
    dnsServers: v.DNS_SERVERS,
    packages: packagesOf(v),
    cdn: v.CDN_PURGE_URL ? { kind: v.CDN_KIND, purgeUrl: v.CDN_PURGE_URL, token: v.CDN_PURGE_TOKEN ?? null } : null,
    routerSecret: v.ROUTER_SECRET ?? null,
    subgraphIntrospection: v.SUBGRAPH_INTROSPECTION,
    rateLimits: v.RATE_LIMITS,
    readOnly: v.READ_ONLY,
    operationManifests: v.OPERATION_MANIFESTS,
    persistedOnly: v.PERSISTED_ONLY,
    pageCacheBytes: v.PAGE_CACHE_MB * 1024 * 1024,
    workers: v.WORKERS,
    logLevel: v.LOG_LEVEL,
    tracing: tracingOf(env),
    production,
  };
}

type Variables = z.output<typeof variables>;

function replicasOf(v: Variables): string[] {
  const urls = [...new Set(v.DATABASE_REPLICA_URLS)];
  if (urls.length > 0 && !v.DATABASE_URL) {
    throw new ConfigError(`${PREFIX}DATABASE_URL must be set too where ${PREFIX}DATABASE_REPLICA_URLS is.`);
  }
  return urls;
}

function githubOf(v: Variables): GithubConfig {
  const url = v.GITHUB_URL ?? 'https://github.com';
  if (v.GITHUB_CLIENT_SECRET && !v.GITHUB_CLIENT_ID) {
    throw new ConfigError(`${PREFIX}GITHUB_CLIENT_ID must be set too where ${PREFIX}GITHUB_CLIENT_SECRET is.`);
  }
  return {
    clientId: v.GITHUB_CLIENT_ID ?? null,
    clientSecret: v.GITHUB_CLIENT_SECRET ?? null,
    url,
    // GitHub Enterprise Server has its API under a path of the same host.
    apiUrl: v.GITHUB_API_URL ?? (v.GITHUB_URL ? `${url}/api/v3` : 'https://api.github.com'),
    oidcIssuer: v.GITHUB_OIDC_ISSUER ?? 'https://token.actions.githubusercontent.com',
  };
}

function packagesOf(v: Variables): PackagesConfig {
  const at = (publicUrl: string, url = publicUrl): PackageRegistryConfig => ({ url, publicUrl });
  return {
    validate: v.ENABLE_REGISTRY_VALIDATION,
    npmUrl: v.NPM_REGISTRY_URL ?? null,
    pypi: at('https://pypi.org', v.PYPI_URL),
    nuget: at('https://api.nuget.org/v3/index.json', v.NUGET_URL),
    crates: at('https://crates.io', v.CRATES_URL),
    ociRegistryUrls: v.OCI_REGISTRY_URLS,
    mcpbHostUrls: v.MCPB_HOST_URLS,
  };
}

function oidcOf(v: Variables): OidcConfig | null {
  if (!v.OIDC_ENABLED || (!v.OIDC_ISSUER && !v.OIDC_CLIENT_ID)) return null;
  if (!v.OIDC_ISSUER || !v.OIDC_CLIENT_ID) {
    throw new ConfigError(`${PREFIX}OIDC_ISSUER and ${PREFIX}OIDC_CLIENT_ID must be set together.`);
  }
  return {
    issuer: v.OIDC_ISSUER,
    clientId: v.OIDC_CLIENT_ID,
    claims: v.OIDC_EXTRA_CLAIMS,
    publish: v.OIDC_PUBLISH_PERMISSIONS,
    edit: v.OIDC_EDIT_PERMISSIONS,
  };
}

/** OpenTelemetry's variables have names of their own, which other programs know too. */
function tracingOf(env: NodeJS.ProcessEnv): TracingConfig | null {
  // Without a collector they may speak to other programs, of things that there are not here.
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return null;
  const given: Record<string, string> = {};
  for (const name of Object.keys(tracingVariables.shape)) {
    if (env[name]) given[name] = env[name];
  }
  const parsed = tracingVariables.safeParse(given);
  if (!parsed.success) throw wrong('', parsed.error.issues[0], given);
  return toTracing(parsed.data);
}

function notThere(name: string): ConfigError {
  const meant = nearestName(name, Object.keys(variables.shape));
  const hint = meant === null ? '' : ` (is ${PREFIX}${meant} meant?)`;
  return new ConfigError(`${PREFIX}${name} is no setting${hint}; the README lists them all.`);
}

function wrong(prefix: string, issue: z.core.$ZodIssue | undefined, given: Record<string, string>): ConfigError {
  const name = String(issue?.path[0]);
  const secret = /URL|KEY|SECRET|TOKEN|ENDPOINT|HEADERS/.test(name);
  const got = secret ? 'something else (not shown, it may hold a secret)' : JSON.stringify(given[name]);
  return new ConfigError(`${prefix}${name} must be ${issue?.message}, but is ${got}`);
}
