import { z } from 'zod';

const PREFIX = 'MCP_REGISTRY_';

/** A wrong setting: one line that names the variable, what it got and what it wants. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const port = (fallback: number) =>
  z.coerce
    .number({ error: 'a port number from 0 to 65535' })
    .int({ error: 'a port number from 0 to 65535' })
    .min(0, { error: 'a port number from 0 to 65535' })
    .max(65_535, { error: 'a port number from 0 to 65535' })
    .default(fallback);

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'an http(s) URL' })
  .transform((value) => value.replace(/\/+$/, ''))
  .optional();

const variables = z.object({
  PORT: port(8080),
  INTERNAL_PORT: port(8081),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: httpUrl,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'a postgresql:// URL' }).optional(),
  DATA_DIR: z.string().default('.data'),
  SEED_FROM: z.string().optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
});

/** The service's settings, checked; ports are TCP ports, 0 takes a free one. */
export interface Config {
  readonly port: number;
  readonly internalPort: number;
  readonly host: string;
  /** Issuer, audience and the base of absolute links; without a trailing slash. Null: http://localhost:<port>. */
  readonly publicUrl: string | null;
  /** A PostgreSQL connection string; null means the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** What fills an empty database: a file, a URL, a registry's base URL, `samples` or `none`. */
  readonly seedFrom: string;
  readonly githubClientId: string | null;
  readonly logLevel: string;
  readonly production: boolean;
}

/** Reads the environment; throws ConfigError with one line for the first wrong variable. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(PREFIX) && value) given[name.slice(PREFIX.length)] = value;
  }
  const parsed = variables.safeParse(given);
  if (!parsed.success) throw wrong(parsed.error.issues[0], given);
  const v = parsed.data;
  const production = env.NODE_ENV === 'production';
  return {
    port: v.PORT,
    internalPort: v.INTERNAL_PORT,
    host: v.HOST,
    publicUrl: v.PUBLIC_URL ?? null,
    databaseUrl: v.DATABASE_URL ?? null,
    dataDir: v.DATA_DIR,
    seedFrom: v.SEED_FROM ?? (production ? 'none' : 'samples'),
    githubClientId: v.GITHUB_CLIENT_ID ?? null,
    logLevel: v.LOG_LEVEL,
    production,
  };
}

function wrong(issue: z.core.$ZodIssue | undefined, given: Record<string, string>): ConfigError {
  const name = String(issue?.path[0]);
  const secret = /URL|KEY|SECRET|TOKEN/.test(name);
  const got = secret ? 'something else (not shown, it may hold a secret)' : JSON.stringify(given[name]);
  return new ConfigError(`${PREFIX}${name} must be ${issue?.message}, but is ${got}`);
}
