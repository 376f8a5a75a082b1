import { show } from './issues.ts';
import { items, keys, member, text, type Place } from './place.ts';
import type { Report } from './rules.ts';
import { fill, undefinedVariables } from './template.ts';
import { tooLong, wrongWith } from './url-rules.ts';

const overHttp = ['streamable-http', 'sse'];

/** How to talk to a package's server: over http an address, whose variables are the package's own. */
export function checkPackageTransport(one: Place, report: Report): void {
  const transport = member(one, 'transport');
  const type = text(transport, 'type');
  const url = member(transport, 'url');
  if (type === null) return;
  if (type === 'stdio') {
    if (url.value === undefined || url.value === '') return;
    const message = `url must be empty for stdio transport type, got: ${show(String(JSON.stringify(url.value)))}`;
    return report(url, 'stdio-transport-url-not-empty', message);
  }
  if (!overHttp.includes(type)) {
    const message = `unsupported transport type: ${show(type)}`;
    return report(member(transport, 'type'), 'unsupported-transport-type', message);
  }
  if (url.value === undefined || url.value === '') {
    return report(url, 'streamable-transport-url-required', `url is required for ${type} transport type`);
  }
  if (typeof url.value !== 'string' || tooLong(url, report)) return;
  const wrong = wrongWith(fill(url.value)) ?? wrongVariables(url.value, variablesOf(one));
  if (wrong) report(url, 'invalid-templated-url', `invalid package transport URL: ${wrong}`);
}

/** A server that runs somewhere: an https address that is not the caller's own machine. */
export function checkRemote(remote: Place, report: Report): void {
  const type = text(remote, 'type');
  const url = member(remote, 'url');
  if (type === null) return;
  if (!overHttp.includes(type)) {
    const message = `unsupported transport type for remotes: ${show(type)} (only streamable-http and sse are supported)`;
    return report(member(remote, 'type'), 'unsupported-remote-transport-type', message);
  }
  if (url.value === undefined || url.value === '') {
    return report(url, 'remote-transport-url-required', `url is required for ${type} transport type`);
  }
  if (typeof url.value !== 'string' || tooLong(url, report)) return;
  const filled = fill(url.value);
  const wrong = wrongWith(filled) ?? wrongRemote(filled);
  if (wrong) report(url, 'invalid-remote-url', `invalid remote URL: ${wrong}: ${show(url.value)}`);
  const unknown = wrongVariables(url.value, keys(remote, 'variables'));
  if (unknown) report(url, 'invalid-templated-url', `invalid remote URL: ${unknown}`);
}

function wrongRemote(url: string): string | null {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') return 'it must use https scheme';
  const host = hostname.replace(/\.$/, '');
  const own = host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]';
  return own ? "it is the reader's own machine" : null;
}

function wrongVariables(url: string, available: string[]): string | null {
  if (undefinedVariables(url, available).length === 0) return null;
  const known = show(available.slice(0, 20).join(' '));
  return `template variables in URL ${show(url)} reference undefined variables. Available variables: [${known}]`;
}

/** What a package's address may name: environment variables, arguments and their hints. */
function variablesOf(one: Place): string[] {
  const named = [
    ...items(one, 'environmentVariables'),
    ...items(one, 'runtimeArguments'),
    ...items(one, 'packageArguments'),
  ];
  return named.flatMap((each) => [text(each, 'name'), text(each, 'valueHint')]).filter((name) => name !== null);
}
