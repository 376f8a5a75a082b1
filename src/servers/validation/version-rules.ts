import { documentLimits } from './limits.ts';
import { show } from './issues.ts';
import type { Place } from './place.ts';
import type { Report } from './rules.ts';

const number = String.raw`v?\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?`;
const comparator = new RegExp(String.raw`^(?:\^|~|>=|<=|>|<|=)\s*${number}$`);
const hyphen = new RegExp(String.raw`^${number}\s-\s*${number}$`);
const either = new RegExp(String.raw`^${number}\s*(?:\|\|\s*${number}\s*)+$`);
const dotted = /^(?:v?\d+|[xX*])(?:\.(?:\d+|[xX*])){1,2}(?:-[0-9A-Za-z.-]+)?$/;

/** A version, of a server or of a package, is one: not `latest`, no range, not blank. */
export function checkVersion(version: Place, report: Report): void {
  const { value } = version;
  if (typeof value !== 'string') return;
  if (value === 'latest') {
    return report(version, 'reserved-version-string', "version string 'latest' is reserved and cannot be used");
  }
  if (value.trim() === '') return report(version, 'version-blank', 'version must not be blank');
  if (value.length > documentLimits.versionLength) {
    return report(version, 'version-too-long', `version must have at most ${documentLimits.versionLength} characters`);
  }
  if (looksLikeRange(value.trim())) {
    const message = `version must be a specific version, not a range: ${JSON.stringify(show(value))}`;
    report(version, 'version-looks-like-range', message);
  }
}

function looksLikeRange(version: string): boolean {
  if (comparator.test(version) || hyphen.test(version) || either.test(version)) return true;
  // Only among the numbers: 1.0.0-next.1 is a version.
  return dotted.test(version) && /^[^-]*[xX*]/.test(version);
}
