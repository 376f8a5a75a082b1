import type { ValidationIssue } from '../../../src/servers/validation/issues.ts';
import { validateDocument } from '../../../src/servers/validation/validate.ts';

type Json = Record<string, unknown>;

/** The `$schema` of a version. */
export const schemaUrl = (version: string) =>
  `https://static.modelcontextprotocol.io/schemas/${version}/server.schema.json`;

/** A sound document of the current schema, with something else in it. */
export const aDocument = (more: Json = {}): Json => ({
  $schema: schemaUrl('2025-12-11'),
  name: 'com.example/weather',
  description: 'Forecasts for any place',
  version: '1.2.0',
  ...more,
});

/** A document with one package. */
export const withPackage = (more: Json = {}): Json =>
  aDocument({
    packages: [{ registryType: 'npm', identifier: '@example/weather', transport: { type: 'stdio' }, ...more }],
  });

/** A document with one package whose server listens on an address. */
export const withTransport = (url: unknown, more: Json = {}): Json =>
  withPackage({ transport: { type: 'streamable-http', url }, ...more });

/** A document with one argument. */
export const withArgument = (argument: unknown): Json => withPackage({ packageArguments: [argument] });

/** A document with one remote. */
export const withRemote = (url: unknown, more: Json = {}): Json =>
  aDocument({ remotes: [{ type: 'streamable-http', url, ...more }] });

/** The issues of a document. */
export const issuesOf = (document: unknown): ValidationIssue[] => validateDocument(JSON.stringify(document)).issues;

/** Milliseconds of the processor that something takes, whoever else is at work on the machine. */
export function processorTime(work: () => void): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000;
}
