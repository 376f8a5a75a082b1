const parts = /^[a-z][a-z0-9+.-]*:(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/i;
const host =
  /^(?:(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*@)?(?:(\[[^[\]]*\])|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;
const path = /^(?:[\w.~!$&'()*+,;=:@/-]|%[\da-f]{2})*$/i;
const query = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[\da-f]{2})*$/i;

/** JSON schema's format `uri`: an absolute URI of RFC 3986. Each part is matched by itself, in linear time. */
export function isUri(text: string): boolean {
  const [found, authority, rest = '', search = '', fragment = ''] = parts.exec(text) ?? [];
  if (found === undefined || !path.test(rest) || !query.test(search) || !query.test(fragment)) return false;
  if (authority === undefined) return rest !== '';
  const [matched, literal] = host.exec(authority) ?? [];
  return matched !== undefined && (literal === undefined || isIpLiteral(literal));
}

const isIpLiteral = (literal: string) =>
  /^\[v[\da-f]+\.[\w.~!$&'()*+,;=:-]+\]$/i.test(literal) || URL.canParse(`http://${literal}/`);
