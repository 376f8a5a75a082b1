import type { App } from '../app.ts';
import { RegistryError } from '../errors.ts';
import { packageChecked } from '../events.ts';
import { registryTypes, verifyPackages, type PackageVerdict } from '../packages/verify.ts';
import { readDocument, type Json } from '../servers/document.ts';
import type { PreparedVersion } from './prepared.ts';

/**
 * Asks every package's registry whether it belongs to the server, all at once, and gives the version with what they said.
 * No connection to the database is held meanwhile. Throws OWNERSHIP_UNPROVEN, and UPSTREAM_UNAVAILABLE when one can't be
 * asked or is behind.
 */
export async function provePackages(app: App, version: PreparedVersion): Promise<PreparedVersion> {
  const { packages } = readDocument(JSON.parse(version.document) as Json);
  if (!app.config.packages.validate || packages.length === 0) return version;
  const verdicts = await verifyPackages(app.outside.packages, version.name, packages, { now: app.now });
  for (const { verdict, package: one, ms } of verdicts) {
    const kind = registryTypes.includes(one.registryType) ? one.registryType : 'other';
    packageChecked(app, { kind, verdict: verdict.status, ms });
  }
  refuseUnproven(verdicts);
  return { ...version, packages: version.packages.map((one, i) => ({ ...one, verdict: toKept(verdicts[i]!) })) };
}

/** What the database keeps of a verdict. */
export function toKept({ verdict, checkedAt }: PackageVerdict) {
  const evidence = verdict.status === 'verified' ? verdict.evidence : { message: verdict.message };
  return { status: verdict.status, checkedAt: checkedAt.toISOString(), evidence };
}

function refuseUnproven(verdicts: PackageVerdict[]): void {
  const refused = verdicts.flatMap(({ verdict, package: one }, i) =>
    verdict.status === 'refused' ? [{ i, one, message: sentence(i, one.identifier, verdict.message) }] : [],
  );
  if (refused[0]) {
    const { registryType, identifier, version } = refused[0].one;
    throw new RegistryError('OWNERSHIP_UNPROVEN', refused[0].message, {
      package: { registryType, identifier, version },
      errors: refused.map(({ i, message }) => ({ message, location: `body.packages[${i}]` })),
    });
  }
  const away = verdicts.flatMap(({ verdict, package: one }, i) =>
    verdict.status === 'unavailable' ? [{ ...verdict, message: sentence(i, one.identifier, verdict.message) }] : [],
  );
  if (away[0]) {
    const retryAfter = Math.max(...away.map((one) => one.retryAfter));
    throw new RegistryError('UPSTREAM_UNAVAILABLE', away[0].message, { retryAfter });
  }
}

/** In the official registry's words (section 1.5). */
const sentence = (i: number, identifier: string, message: string) =>
  `registry validation failed for package ${i} (${identifier}): ${message}`;
