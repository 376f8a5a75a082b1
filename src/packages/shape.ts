import { type PackageClaim, show } from './package.ts';

/** What the fields of a claim must be, before anyone is asked. */
export interface Shape {
  /** As it stands in sentences: `NPM`. */
  kind: string;
  identifier: RegExp;
  /** What an identifier looks like. */
  example: string;
  baseUrls: string[];
}

const LONGEST = 255;

/** What is wrong with a claim of a package that has a name and a version; null when nothing is. */
export function wrongShape({ identifier, version, registryBaseUrl }: PackageClaim, shape: Shape): string | null {
  const { kind, example, baseUrls } = shape;
  if (identifier.length > LONGEST || !shape.identifier.test(identifier)) {
    return `'${show(identifier)}' is not the identifier of a ${kind} package, such as ${example}.`;
  }
  if (!version) return `${kind} package '${identifier}' needs a version: add the exact one that this server runs.`;
  if (version.length > LONGEST || !/^[A-Za-z0-9][A-Za-z0-9.+!_~-]*$/.test(version)) {
    return `'${show(version)}' is not a version of ${kind} package '${identifier}': name the exact one that this server runs.`;
  }
  if (registryBaseUrl === null || baseUrls.map(bare).includes(bare(registryBaseUrl))) return null;
  return (
    `registry type and base URL do not match: '${show(registryBaseUrl)}' is not where ${kind} packages are. ` +
    `Leave registryBaseUrl out, or write ${baseUrls[0]}.`
  );
}

/** What is wrong with a claim that has a field which means nothing for its kind; null when it has none. */
export function strayField(claim: PackageClaim, kind: string, fields: (keyof PackageClaim)[]): string | null {
  const stray = fields.find((field) => claim[field] !== null);
  return stray === undefined ? null : `${kind} packages must not have '${stray}': leave it out.`;
}

const bare = (url: string): string => url.replace(/\/+$/, '');
