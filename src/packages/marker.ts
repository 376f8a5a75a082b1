import { nameKey } from '../namespaces/server-name.ts';
import { show } from './package.ts';

/** Where a text names servers as its own: `mcp-name: io.github.alice/weather`, also in a comment. */
const MARKER = /(?<![A-Za-z0-9]|[A-Za-z0-9]-)mcp-name:[ \t]*([A-Za-z0-9._/-]+)/g;
/** What can go on with a name for a reader, although no name has it: a letter, a mark, a dash, an escape, what can't be seen. */
const GOES_ON = /^[\p{L}\p{M}\p{N}\p{Pd}\p{Pc}\p{Cf}&%\\]/u;
const LONGEST = 300;
const SHOWN = 3;

/** What a README says of the servers it belongs to. */
export interface Marked {
  /** The server's name as it stands there; null when it does not. */
  found: string | null;
  /** Some other names that stand there. */
  others: string[];
}

/**
 * Looks for `mcp-name: <server>` in a README. Names are compared as the registry compares them, without regard to case,
 * and whole: `alice/weather` is not proved by `mcp-name: alice/weather-pro`.
 */
export function findMarker(readme: string, serverName: string): Marked {
  // Markdown's formatters escape underscores.
  const text = readme.replace(/\\([._/-])/g, '$1');
  const others = new Set<string>();
  for (const match of text.matchAll(MARKER)) {
    const [whole, token = ''] = match;
    const end = match.index + whole.length;
    if (token.length > LONGEST || GOES_ON.test(text.slice(end, end + 2))) continue;
    // A name ends with a letter or digit: what follows is the sentence's full stop, or the end of a comment.
    const name = token.replace(/[._/-]+$/, '');
    if (nameKey(name) === nameKey(serverName)) return { found: name, others: [] };
    if (others.size < SHOWN) others.add(name);
  }
  return { found: null, others: [...others] };
}

/** The refusal for a README without the name, in the official registry's words. */
export function unmarked(what: string, serverName: string, { others }: Marked): string {
  const instead = others.length > 0 ? `, got ${others.map((one) => `'${show(one)}'`).join(', ')}` : '';
  return (
    `${what} ownership validation failed. The server name '${serverName}' must appear as 'mcp-name: ${serverName}' ` +
    `in the package README${instead}. Add it, publish a new version of the package, and name that version here.`
  );
}
