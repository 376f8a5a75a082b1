import { RegistryError } from '../../errors.ts';
import { parseServerName } from '../../namespaces/server-name.ts';
import { show } from './issues.ts';
import type { Place } from './place.ts';
import type { Report } from './rules.ts';

const namespacePart = /^[a-zA-Z0-9][a-zA-Z0-9.-]*[a-zA-Z0-9]$/;
const namePart = /^[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9]$/;
const ends = 'must start and end with alphanumeric characters, and may contain dots';

/** A server's name: the official rule in its words, then the stricter one that publishing has. */
export function checkName(name: Place, report: Report): void {
  const wrong = wrongWith(name.value);
  if (wrong) report(name, 'invalid-server-name', wrong);
}

function wrongWith(name: unknown): string | null {
  if (typeof name !== 'string' || name === '') return 'server name is required and must be a string';
  const [namespace = '', slug = '', ...more] = name.split('/', 3);
  const format = "server name must be in format 'dns-namespace/name'";
  if (!name.includes('/')) return `${format} (e.g., 'com.example.api/server')`;
  if (more.length > 0) return 'server name cannot contain multiple slashes';
  if (namespace === '' || slug === '') return `${format} with non-empty namespace and name parts`;
  if (!namespacePart.test(namespace)) {
    return `server name format is invalid: namespace '${show(namespace)}' is invalid. Namespace ${ends} and hyphens in the middle`;
  }
  if (!namePart.test(slug)) {
    return `server name format is invalid: name '${show(slug)}' is invalid. Name ${ends}, underscores, and hyphens in the middle`;
  }
  try {
    parseServerName(name);
    return null;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return error.message;
  }
}
