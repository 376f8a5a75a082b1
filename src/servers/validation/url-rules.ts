import { documentLimits } from './limits.ts';
import { show } from './issues.ts';
import type { Place } from './place.ts';
import type { Report } from './rules.ts';

/** References of the rules that an address can break. */
interface References {
  invalid: string;
  relative: string;
  scheme: string;
}

/** `websiteUrl`. */
export function checkWebsite(url: Place, report: Report): void {
  const references = {
    invalid: 'invalid-website-url',
    relative: 'website-url-must-be-absolute',
    scheme: 'website-url-invalid-scheme',
  };
  if (url.value !== '') checkHttps('websiteUrl', url, references, report);
}

/** The `src` of an icon. */
export function checkIcon(url: Place, report: Report): void {
  const references = {
    invalid: 'icon-src-invalid-url',
    relative: 'icon-src-not-absolute',
    scheme: 'icon-src-invalid-scheme',
  };
  checkHttps('icon src', url, references, report);
}

/** The `registryBaseUrl` of a package. */
export function checkRegistryBaseUrl(url: Place, report: Report): void {
  const invalid = 'invalid-registry-base-url';
  checkHttps('registryBaseUrl', url, { invalid, relative: invalid, scheme: invalid }, report);
}

function checkHttps(what: string, url: Place, { invalid, relative, scheme }: References, report: Report): void {
  const { value } = url;
  if (typeof value !== 'string' || tooLong(url, report)) return;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(value)) {
    return report(url, relative, `${what} must be absolute (include scheme): ${show(value)}`);
  }
  if (!/^https:/i.test(value)) return report(url, scheme, `${what} must use https scheme: ${show(value)}`);
  const wrong = wrongWith(value);
  if (wrong) report(url, invalid, `invalid ${what}: ${wrong}: ${show(value)}`);
}

/** Reports an address that is too long to be looked at further. */
export function tooLong(url: Place, report: Report): boolean {
  if (typeof url.value !== 'string' || url.value.length <= documentLimits.urlLength) return false;
  report(url, 'url-too-long', `a URL must have at most ${documentLimits.urlLength} characters`);
  return true;
}

/** Why nobody should open an http address, or put it into a page; null where all is well. */
export function wrongWith(url: string): string | null {
  // What breaks out of an HTML attribute, or is read differently by every reader.
  if (/[\s"'<>`\\\p{Cc}]/u.test(url)) return 'it has quotes, angle brackets, backslashes or white space: encode them';
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:\/\/[^/?#]/i.test(url)) return 'it is no URL with a host';
  return parsed.username !== '' || parsed.password !== '' ? 'it has a user name or password' : null;
}
