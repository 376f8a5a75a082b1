import { normalVersion } from '../external/nuget.ts';
import { findMarker, unmarked } from './marker.ts';
import { behind, type Question, refused, type Verdict, verified } from './package.ts';
import { strayField, wrongShape } from './shape.ts';

const NAME = /^[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*$/;

/** NuGet: the README inside of that version says `mcp-name: <server>`. */
export async function verifyNuget(question: Question): Promise<Verdict> {
  const { claim, serverName, registries, signal } = question;
  const shape = { kind: 'NuGet', identifier: NAME, example: 'Acme.Weather', baseUrls: registries.baseUrls.nuget };
  const wrong = wrongShape(claim, shape) ?? strayField(claim, 'NuGet', ['fileSha256']);
  if (wrong !== null) return refused(wrong);
  const { identifier, version } = claim as { identifier: string; version: string };
  const readme = await registries.nuget.readme(identifier, version, signal);
  if (readme === null) return whyNoReadme(question, version);
  const marked = findMarker(readme, serverName);
  if (marked.found === null) return refused(unmarked(`NuGet package '${identifier}'`, serverName, marked));
  return verified({ mcpName: marked.found, version: normalVersion(version) });
}

async function whyNoReadme({ claim, serverName, registries, signal }: Question, version: string): Promise<Verdict> {
  const { identifier } = claim;
  const versions = await registries.nuget.versions(identifier, signal);
  const wait = 'Publish it to nuget.org first; if you just did, wait while NuGet validates it and try again.';
  if (!versions) return behind(`NuGet package '${identifier}' does not exist. ${wait}`);
  if (!versions.map(normalVersion).includes(normalVersion(version))) {
    return behind(`NuGet package '${identifier}' version '${version}' does not exist. ${wait}`);
  }
  return refused(
    `NuGet package '${identifier}' version '${version}' has no embedded README. Add one that says 'mcp-name: ${serverName}', publish a new version of the package, and name that version here.`,
  );
}
