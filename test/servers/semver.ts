/** The regular expression that semver.org suggests, with its optional v. */
const suggested =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

/** A semantic version taken apart. */
export interface Parsed {
  release: string[];
  prerelease: string[];
}

/** Takes a semantic version apart; null for every other text. */
export function parseSemver(version: string): Parsed | null {
  const match = suggested.exec(version);
  return match && { release: match.slice(1, 4) as string[], prerelease: match[4]?.split('.') ?? [] };
}

/** Compares as semver.org, section 11, says, number by number and word by word; build metadata does not count. */
export function compareSemver(a: Parsed, b: Parsed): number {
  const releases = a.release.map((part, i) => compareIdentifiers(part, b.release[i]!)).find((sign) => sign !== 0);
  if (releases) return releases;
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return Math.sign(b.prerelease.length - a.prerelease.length);
  }
  const shared = Math.min(a.prerelease.length, b.prerelease.length);
  for (let i = 0; i < shared; i++) {
    const sign = compareIdentifiers(a.prerelease[i]!, b.prerelease[i]!);
    if (sign !== 0) return sign;
  }
  return Math.sign(a.prerelease.length - b.prerelease.length);
}

function compareIdentifiers(a: string, b: string): number {
  const [numericA, numericB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numericA && numericB) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
  if (numericA !== numericB) return numericA ? -1 : 1;
  return Number(a > b) - Number(a < b);
}

/** A version as far as its place in the order of its server's versions goes. */
export interface Dated {
  version: string;
  /** RFC 3339, UTC. */
  publishedAt: string;
}

/** The order of versions by the contract: semantic ones by precedence and above all others, then by publication. */
export function compareByContract(a: Dated, b: Dated): number {
  const [left, right] = [parseSemver(a.version), parseSemver(b.version)];
  if (left && right && compareSemver(left, right) !== 0) return compareSemver(left, right);
  if (!left !== !right) return left ? 1 : -1;
  return Number(microseconds(a.publishedAt) - microseconds(b.publishedAt));
}

/** A UTC time in microseconds. */
export function microseconds(time: string): bigint {
  const fraction = /\.(\d+)Z$/.exec(time)?.[1] ?? '';
  return BigInt(Date.parse(time.replace(/\.\d+Z$/, 'Z'))) * 1_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}
