import { normalName } from '../external/pypi.ts';
import { findMarker, unmarked } from './marker.ts';
import { behind, type Question, refused, show, type Verdict, verified } from './package.ts';
import { wrongShape } from './shape.ts';

/** A name by PEP 508. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** PyPI: the README of that release says `mcp-name: <server>`; a hash, where one is given, is one of its files'. */
export async function verifyPypi({ claim, serverName, registries, signal }: Question): Promise<Verdict> {
  const shape = { kind: 'PyPI', identifier: NAME, example: 'acme-weather', baseUrls: registries.baseUrls.pypi };
  const wrong = wrongShape(claim, shape);
  if (wrong !== null) return refused(wrong);
  const { identifier, version, fileSha256 } = claim as { identifier: string; version: string; fileSha256: string };
  const release = await registries.pypi.release(identifier, version, signal);
  if (!release) {
    return behind(
      `PyPI package '${identifier}' version '${version}' not found (status: 404). Publish it to PyPI first; if you just did, try again in a few minutes.`,
    );
  }
  if (normalName(release.name) !== normalName(identifier)) {
    return refused(`PyPI package '${identifier}' is '${show(release.name)}' by now: name that one.`);
  }
  if (fileSha256 !== null && !release.sha256s.includes(fileSha256)) {
    return refused(
      `PyPI package '${identifier}' version '${version}' has no file with the SHA-256 '${show(fileSha256)}': leave fileSha256 out, or correct it.`,
    );
  }
  const marked = findMarker(release.description, serverName);
  if (marked.found === null) return refused(unmarked(`PyPI package '${identifier}'`, serverName, marked));
  return verified({ mcpName: marked.found, version: release.version, ...(fileSha256 !== null && { fileSha256 }) });
}
