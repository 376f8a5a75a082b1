import type { Input, Sample, SamplePackage, Server, Transport } from './samples.read.ts';

type Versions = Sample[];
type Covered = (samples: Sample[], servers: Versions[]) => boolean;

const packages = ({ server }: Sample) => server.packages ?? [];
const remotes = ({ server }: Sample) => server.remotes ?? [];
const runtimeArguments = (p: SamplePackage) => p.runtimeArguments ?? [];
const packageArguments = (p: SamplePackage) => p.packageArguments ?? [];
const environment = (p: SamplePackage) => p.environmentVariables ?? [];
const headers = (transport: Transport) => transport.headers ?? [];
const inputs = (sample: Sample) => [
  ...packages(sample).flatMap((p) => [...runtimeArguments(p), ...packageArguments(p), ...environment(p)]),
  ...remotes(sample).flatMap(headers),
];

const inServer = (test: (server: Server) => unknown): Covered => {
  return (samples) => samples.some(({ server }) => test(server));
};
const inPackage = (test: (p: SamplePackage, server: Server) => unknown): Covered => {
  return (samples) => samples.some((sample) => packages(sample).some((p) => test(p, sample.server)));
};
const inRemote = (test: (remote: Transport) => unknown): Covered => {
  return (samples) => samples.some((sample) => remotes(sample).some(test));
};
const inInput =
  (test: (input: Input) => unknown): Covered =>
  (samples) =>
    samples.flatMap(inputs).some(test);
const inHistory = (test: (versions: Versions) => unknown): Covered => {
  return (_samples, servers) => servers.some(test);
};

const packageTypes = ['npm', 'pypi', 'oci', 'nuget', 'mcpb', 'cargo'];
const transports = ['stdio', 'streamable-http', 'sse'];
const formats = ['string', 'number', 'boolean', 'filepath'];
const schemas = ['2025-09-16', '2025-09-29', '2025-10-17', '2025-12-11'];
const imageTypes = ['image/png', 'image/svg+xml'];

const sameTwice = (list: SamplePackage[]) =>
  list.some((a) => list.some((b) => a.identifier === b.identifier && a.transport.type !== b.transport.type));
const types = (list: SamplePackage[] = []) => new Set(list.map((p) => p.registryType));
const versionsLike = (pattern: RegExp) => inServer(({ version }) => pattern.test(version));
const known = new Set(
  '$schema name title description repository version websiteUrl icons packages remotes _meta'.split(' '),
);
const publisher = 'io.modelcontextprotocol.registry/publisher-provided';

/** What the sample data must show at least once, by name; each says whether it does. */
export const kinds: Record<string, Covered> = {
  ...Object.fromEntries(schemas.map((date) => [`schema ${date}`, inServer((s) => s.$schema.includes(`/${date}/`))])),
  ...Object.fromEntries(
    packageTypes.map((type) => [`a package on ${type}`, inPackage((p) => p.registryType === type)]),
  ),
  ...Object.fromEntries(
    transports.map((type) => [`a package over ${type}`, inPackage((p) => p.transport.type === type)]),
  ),
  ...Object.fromEntries(transports.slice(1).map((type) => [`a remote over ${type}`, inRemote((r) => r.type === type)])),
  ...Object.fromEntries(
    formats.map((format) => [
      `an environment variable of format ${format}`,
      inPackage((p) => environment(p).some((variable) => (variable.format ?? 'string') === format)),
    ]),
  ),
  'a format that is written out though it is the default': (samples) => {
    const all = samples.flatMap(inputs);
    return [...all, ...all.flatMap((i) => Object.values(i.variables ?? {}))].some((i) => i.format === 'string');
  },
  'an mcpb package with its hash': inPackage(
    (p) => p.registryType === 'mcpb' && /^[0-9a-f]{64}$/.test(p.fileSha256 ?? ''),
  ),
  'an image pinned by its digest': inPackage((p) => /@sha256:[0-9a-f]{64}$/.test(p.identifier)),
  'a package address with a variable': inPackage((p) => /\{.+\}/.test(p.transport.url ?? '')),
  'a package address with headers': inPackage((p) => headers(p.transport).length > 0),
  'a package whose version is not the server’s': inPackage(
    (p, s) => p.version !== undefined && p.version !== s.version,
  ),
  'one package twice, over different transports': inServer((s) => sameTwice(s.packages ?? [])),
  'several types of package in one server': inServer((s) => types(s.packages).size >= 4),
  'neither packages nor remotes': inServer((s) => !s.packages && !s.remotes),
  'both packages and remotes': inServer((s) => s.packages && s.remotes),
  'several remotes': inServer((s) => (s.remotes ?? []).length > 1),

  'a required header': inRemote((r) => headers(r).some((h) => h.isRequired)),
  'an optional header': inRemote((r) => headers(r).some((h) => !h.isRequired)),
  'a secret header': inRemote((r) => headers(r).some((h) => h.isSecret)),
  'a header of a fixed value': inRemote((r) => headers(r).some((h) => h.value && !h.variables)),
  'a header made from variables': inRemote((r) => headers(r).some((h) => h.variables && /\{.+\}/.test(h.value ?? ''))),
  'a header with choices': inRemote((r) => headers(r).some((h) => h.choices)),
  'a remote address with variables': inRemote((r) => r.variables && /\{.+\}/.test(r.url ?? '')),
  'a remote host with a variable': inRemote((r) => r.variables && /^https:\/\/[^/]*\{/.test(r.url ?? '')),
  'a secret variable in a remote address': inRemote((r) => Object.values(r.variables ?? {}).some((i) => i.isSecret)),

  'a named argument': inPackage((p) => packageArguments(p).some((a) => a.type === 'named')),
  'a positional argument with a hint': inPackage((p) => packageArguments(p).some((a) => a.valueHint && !a.value)),
  'a positional argument of a fixed value': inPackage((p) => packageArguments(p).some((a) => !a.valueHint && !a.name)),
  'a runtime argument': inPackage((p) => runtimeArguments(p).length > 0),
  'an argument made from variables': inPackage((p) => runtimeArguments(p).some((a) => a.variables)),
  'a repeated named argument': inInput((i) => i.type === 'named' && i.isRepeated),
  'a repeated positional argument': inInput((i) => i.type === 'positional' && i.isRepeated),
  'choices with a default': inInput((i) => i.choices && i.default),
  'a placeholder': inInput((i) => i.placeholder),
  'a required secret': inInput((i) => i.isRequired && i.isSecret),

  'an icon for light themes': inServer((s) => s.icons?.some((icon) => icon.theme === 'light')),
  'an icon for dark themes': inServer((s) => s.icons?.some((icon) => icon.theme === 'dark')),
  'an icon of several sizes': inServer((s) => s.icons?.some((icon) => (icon.sizes ?? []).length > 1)),
  'an icon of any size': inServer((s) => s.icons?.some((icon) => icon.sizes?.includes('any'))),
  ...Object.fromEntries(
    imageTypes.map((type) => [`an icon of type ${type}`, inServer((s) => s.icons?.some((i) => i.mimeType === type))]),
  ),
  'an icon without a type': inServer((s) => s.icons?.some((icon) => !icon.mimeType)),
  'a title': inServer((s) => s.title),
  'no title': inServer((s) => !s.title),
  'a website': inServer((s) => s.websiteUrl),
  'no repository': inServer((s) => !s.repository),
  'a repository on GitHub': inServer((s) => s.repository?.source === 'github'),
  'a repository on GitLab': inServer((s) => s.repository?.source === 'gitlab'),
  'a repository with its id': inServer((s) => s.repository?.id),
  'a subfolder of a repository': inServer((s) => s.repository?.subfolder),
  'what a publisher adds': inServer((s) => s._meta && publisher in s._meta),
  'keys that the schema does not know': inServer((s) => Object.keys(s).some((key) => !known.has(key))),
  'a description of exactly 100 characters': inServer((s) => [...s.description].length === 100),
  '100 characters that JavaScript counts as more': inServer(
    (s) => [...s.description].length === 100 && s.description.length > 100,
  ),
  'a description in Japanese': inServer((s) => /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(s.description)),
  'a title in Japanese': inServer((s) => /\p{Script=Han}/u.test(s.title ?? '') && /LINE/.test(s.title ?? '')),
  'a title with accents': inServer((s) => /\p{Script=Latin}/u.test((s.title ?? '').replace(/[a-z]/gi, ''))),
  'a description with accents': inServer((s) => /[à-ÿÀ-Ý]/.test(s.description)),
  'an emoji in a title': inServer((s) => /\p{Emoji_Presentation}/u.test(s.title ?? '')),
  'upper case in a namespace': inServer((s) => /[A-Z].*\//.test(s.name)),
  'upper case after the slash': inServer((s) => /\/.*[A-Z]/.test(s.name)),
  'a domain as namespace': inServer((s) => !s.name.startsWith('io.github.')),

  'a prerelease': versionsLike(/^\d+\.\d+\.\d+-beta\.2$/),
  'a release candidate': versionsLike(/-rc\.\d+$/),
  'build metadata': versionsLike(/^\d+\.\d+\.\d+\+build\.\d+$/),
  'a date with leading zeros': versionsLike(/^2025\.06\.18$/),
  'a version of two numbers': versionsLike(/^\d+\.\d+$/),
  'a version of four numbers': versionsLike(/^\d+\.\d+\.\d+\.\d+$/),
  'a version that begins with v': versionsLike(/^v\d+\.\d+\.\d+$/),
  'a server of six versions': inHistory((versions) => versions.length === 6),
  'a server of one version': inHistory((versions) => versions.length === 1),
  'a semantic version above a later one that is not': inHistory(
    (versions) => newest(versions, /^\d+\.\d+$/) && latest(versions, /^\d+\.\d+\.\d+$/),
  ),
  'precedence that sees past the v': inHistory((versions) => newest(versions, /^v1\./) && latest(versions, /^v2\./)),
  'a prerelease that is the latest': inHistory((versions) => latest(versions, /-rc\.10$/)),
  'a latest version that is not the newest': inHistory((versions) => {
    const left = versions.filter((v) => v.official.status !== 'deleted');
    return left.length > 1 && left.every((v) => !v.official.isLatest || v !== lastPublished(left));
  }),
  'equal precedence, decided by time': inHistory(
    (versions) => new Set(versions.map((v) => v.server.version.split('+')[0])).size < versions.length,
  ),

  'a deprecated version with its reason': (samples) =>
    samples.some(({ official }) => official.status === 'deprecated' && official.statusMessage),
  'a deprecated version that is the latest': (samples) =>
    samples.some(({ official }) => official.status === 'deprecated' && official.isLatest),
  'a deleted version beside one that is not': inHistory(
    (versions) => new Set(versions.map((v) => v.official.status === 'deleted')).size === 2,
  ),
  'a deleted version that would be the latest': inHistory(
    (versions) =>
      versions.length > 1 && lastPublished(versions)?.official.status === 'deleted' && latest(versions, /./),
  ),
  'a server whose versions are all deleted': inHistory((versions) =>
    versions.every((v) => v.official.status === 'deleted'),
  ),
  'a version whose status never changed': (samples) => samples.some(({ official }) => !official.statusChangedAt),
  'a version that was restored': (samples) =>
    samples.some(({ official: o }) => o.status === 'active' && (o.statusChangedAt ?? '') > o.publishedAt),
};

function lastPublished(versions: Versions): Sample | undefined {
  return versions.toSorted((a, b) => a.official.publishedAt.localeCompare(b.official.publishedAt)).at(-1);
}

function newest(versions: Versions, pattern: RegExp): boolean {
  return pattern.test(lastPublished(versions)?.server.version ?? '');
}

function latest(versions: Versions, pattern: RegExp): boolean {
  return versions.some(({ server, official }) => official.isLatest && pattern.test(server.version));
}
