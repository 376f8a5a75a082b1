import { checkArgument } from './argument-rules.ts';
import { documentLimits } from './limits.ts';
import { show } from './issues.ts';
import { items, member, text, type Place } from './place.ts';
import type { Report } from './rules.ts';
import { checkPackageTransport } from './transport-rules.ts';
import { checkRegistryBaseUrl } from './url-rules.ts';
import { checkVersion } from './version-rules.ts';

/** The kinds of package registries that can be asked who owns a package. */
export const REGISTRY_TYPES = ['npm', 'pypi', 'oci', 'nuget', 'mcpb', 'cargo'];

/** A package, as far as nobody has to be asked. */
export function checkPackage(one: Place, report: Report): void {
  const type = text(one, 'registryType');
  if (type !== null && !REGISTRY_TYPES.includes(type)) {
    const message = `unsupported registry type: ${show(type)}. Supported are ${REGISTRY_TYPES.join(', ')}`;
    report(member(one, 'registryType'), 'unsupported-registry-type', message);
  }
  checkIdentifier(member(one, 'identifier'), report);
  checkVersion(member(one, 'version'), report);
  checkRegistryBaseUrl(member(one, 'registryBaseUrl'), report);
  for (const key of ['runtimeArguments', 'packageArguments']) {
    for (const argument of items(one, key)) checkArgument(argument, report);
  }
  checkPackageTransport(one, report);
}

function checkIdentifier(identifier: Place, report: Report): void {
  const { value } = identifier;
  const { identifierLength } = documentLimits;
  if (typeof value !== 'string') return;
  if (value === '') report(identifier, 'package-name-required', 'package identifier must not be empty');
  if (value.includes(' ')) report(identifier, 'package-name-has-spaces', 'package name cannot contain spaces');
  if (value.length > identifierLength) {
    const message = `package identifier must have at most ${identifierLength} characters`;
    report(identifier, 'package-name-too-long', message);
  }
}
