import { findMarker, unmarked } from './marker.ts';
import { behind, type Question, refused, type Verdict, verified } from './package.ts';
import { strayField, wrongShape } from './shape.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** crates.io makes HTML of a README in the background. */
const RENDERED_WITHIN_MS = 30 * 60_000;

/** Cargo: the README of that version, as crates.io shows it, says `mcp-name: <server>` for everyone to see. */
export async function verifyCargo(question: Question): Promise<Verdict> {
  const { claim, serverName, registries, signal } = question;
  const shape = { kind: 'Cargo', identifier: NAME, example: 'acme-weather', baseUrls: registries.baseUrls.cargo };
  const wrong = wrongShape(claim, shape) ?? strayField(claim, 'Cargo', ['fileSha256']);
  if (wrong !== null) return refused(wrong);
  const { identifier, version } = claim as { identifier: string; version: string };
  const readme = await registries.crates.readme(identifier, version, signal);
  if (readme === null) return whyNoReadme(question, version);
  const marked = findMarker(visibleText(readme), serverName);
  if (marked.found === null) return refused(unmarked(`Cargo package '${identifier}'`, serverName, marked));
  return verified({ mcpName: marked.found });
}

async function whyNoReadme(question: Question, version: string): Promise<Verdict> {
  const { claim, serverName, registries, signal, now } = question;
  const { identifier } = claim;
  const publishedAt = await registries.crates.publishedAt(identifier, version, signal);
  if (!publishedAt) {
    return behind(
      `Cargo package '${identifier}' version '${version}' does not exist. Publish it to crates.io first; if you just did, try again in a moment.`,
    );
  }
  if (now().valueOf() - publishedAt.valueOf() < RENDERED_WITHIN_MS) {
    return behind(`crates.io does not show the README of '${identifier}' version '${version}' yet. Try again later.`);
  }
  return refused(
    `Cargo package '${identifier}' version '${version}' has no README. Add one that says 'mcp-name: ${serverName}', publish a new version of the package, and name that version here.`,
  );
}

/** The text of rendered HTML: comments are gone, blocks stand apart, words that are only marked up do not. */
export function visibleText(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .replace(/<\/?(p|div|br|li|ul|ol|dl|dt|dd|h[1-6]|t[dhr]|table|pre|hr|blockquote)(?![a-z0-9])[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(nbsp|lt|gt|quot|apos|amp|#\d{1,7}|#x[\da-f]{1,6});/gi, decodeEntity);
}

const named: Record<string, string> = { nbsp: ' ', lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decodeEntity(_whole: string, name: string): string {
  if (!name.startsWith('#')) return named[name.toLowerCase()] ?? ' ';
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}
