import { compareTimes } from './times.ts';

const semantic =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * The precedence of a semantic version (semver.org, section 11; three numbers, a leading `v` allowed) as text that
 * compares byte by byte in that order; empty, and so below them all, for every other version. Build metadata does not count.
 */
export function precedenceOf(version: string): string {
  const match = semantic.exec(version);
  if (!match) return '';
  const [, major = '', minor = '', patch = '', prerelease] = match;
  const identifiers = prerelease?.split('.');
  if (identifiers?.some((identifier) => /^0\d+$/.test(identifier))) return '';
  const release = number(major) + number(minor) + number(patch);
  // A release comes after all of its prereleases.
  return identifiers ? `${release}0${identifiers.map(prereleaseKey).join('')}` : `${release}1`;
}

/** Numbers compare by length first, so that they need no padding and have no upper bound but 255 digits. */
function number(digits: string): string {
  return String(digits.length).padStart(3, '0') + digits;
}

/** Numeric identifiers come before words; `!` ends a word since it sorts before every character that a word may hold. */
function prereleaseKey(identifier: string): string {
  return /^\d+$/.test(identifier) ? `1${number(identifier)}` : `2${identifier}!`;
}

/** A version's place in the one total order. */
export interface Ordered {
  version: string;
  /** RFC 3339, UTC, of one precision or another. */
  publishedAt: string;
}

/**
 * The one total order of a server's versions: semantic versions by precedence and above all that are not; equal
 * precedence and non-semantic versions by publication time. Negative when `a` comes before `b`; latest is the greatest.
 * The database holds the same order in the index versions_order_idx.
 */
export function compareVersions(a: Ordered, b: Ordered): number {
  const [left, right] = [precedenceOf(a.version), precedenceOf(b.version)];
  if (left !== right) return left < right ? -1 : 1;
  return compareTimes(a.publishedAt, b.publishedAt);
}
