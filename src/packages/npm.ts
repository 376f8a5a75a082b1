import { nameKey } from '../namespaces/server-name.ts';
import { behind, type Question, refused, show, type Verdict, verified } from './package.ts';
import { strayField, wrongShape } from './shape.ts';

/** npm's names, with the letters that old ones have. */
const NAME = /^(@[A-Za-z0-9~-][A-Za-z0-9._~-]*\/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$/;

/** npm: the package.json of that version says `mcpName`, which only who may publish the package can write. */
export async function verifyNpm({ claim, serverName, registries, signal }: Question): Promise<Verdict> {
  const shape = { kind: 'NPM', identifier: NAME, example: '@acme/weather', baseUrls: registries.baseUrls.npm };
  const wrong = wrongShape(claim, shape) ?? strayField(claim, 'NPM', ['fileSha256']);
  if (wrong !== null) return refused(wrong);
  const { identifier, version } = claim as { identifier: string; version: string };
  const found = await registries.npm.version(identifier, version, signal);
  if (!found) {
    return behind(
      `NPM package '${identifier}' version '${version}' not found (status: 404). Publish it to npm first; npm can take 20 minutes to serve a new version, so try again later.`,
    );
  }
  // npm answers a tag or a range with what it stands for today.
  if (found.version !== version || found.name !== identifier) {
    return refused(
      `NPM package '${identifier}' has no version '${version}', only what is '${show(found.name)}' '${show(found.version)}' today: name the exact version.`,
    );
  }
  const { mcpName, integrity } = found;
  if (!mcpName) {
    return refused(
      `NPM package '${identifier}' is missing required 'mcpName' field. Add this to your package.json: "mcpName": "${serverName}", publish a new version, and name that version here.`,
    );
  }
  if (nameKey(mcpName) !== nameKey(serverName)) {
    return refused(
      `NPM package ownership validation failed. Expected mcpName '${serverName}', got '${show(mcpName)}': publish a version of '${identifier}' with the expected one, or this server under the other name.`,
    );
  }
  return verified({ mcpName, integrity });
}
