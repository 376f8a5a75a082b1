/** What a folder says of the server in it; what it does not say is undefined. */
export interface Found {
  /** Where it was read: `package.json`. */
  source: string;
  /** The server's name, where it is written down: `mcpName`, a label, a comment. */
  serverName?: string | undefined;
  /** A last part for the name: the package's own, without its scope. */
  shortName?: string | undefined;
  title?: string | undefined;
  description?: string | undefined;
  version?: string | undefined;
  websiteUrl?: string | undefined;
  repositoryUrl?: string | undefined;
  package?: Record<string, unknown> | undefined;
  /** What has to be added before the registry takes the package as this server's. */
  proof?: (serverName: string) => string;
}

/** A text that is one. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const stdio = { type: 'stdio' };

/** A package that is started and talked to by its standard input and output. */
export const packageOf = (registryType: string, identifier: string, version: string | undefined) => ({
  registryType,
  identifier,
  ...(version !== undefined && { version }),
  transport: stdio,
});
