import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageOf, text, type Found } from './found.ts';
import { readToml } from './toml.ts';

const MAX_BYTES = 1024 * 1024;

/** What the manifests of a folder say, npm's first. */
export function readManifests(folder: string): Found[] {
  const csproj = list(folder).find((name) => name.endsWith('.csproj'));
  const readers: [string | undefined, (source: string, folder: string) => Found | undefined][] = [
    ['package.json', ofNpm],
    ['pyproject.toml', ofPython],
    ['Cargo.toml', ofCargo],
    [csproj, ofNuget],
    ['Dockerfile', ofDocker],
  ];
  return readers.flatMap(([name, reader]) => {
    const source = name === undefined ? undefined : read(join(folder, name));
    const found = source === undefined ? undefined : reader(source, folder);
    return found ? [{ ...found, source: name! }] : [];
  });
}

type Half = Found;

function ofNpm(source: string): Half | undefined {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(source) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const [name, version] = [text(json.name), text(json.version)];
  const repository = text(json.repository) ?? text((json.repository as { url?: unknown } | undefined)?.url);
  return {
    source: '',
    serverName: text(json.mcpName),
    shortName: name?.split('/').at(-1),
    description: text(json.description),
    version,
    websiteUrl: text(json.homepage),
    repositoryUrl: repository,
    package: name !== undefined && json.private !== true ? packageOf('npm', name, version) : undefined,
    ...(json.mcpName === undefined && {
      proof: (server) =>
        `Add "mcpName": "${server}" to package.json and publish that version to npm before you publish here.`,
    }),
  };
}

function ofPython(source: string, folder: string): Half | undefined {
  const toml = readToml(source);
  const project = { ...toml.get('tool.poetry'), ...toml.get('project') };
  const urls = Object.fromEntries(
    Object.entries(toml.get('project.urls') ?? {}).map(([key, url]) => [key.toLowerCase(), url]),
  );
  const { name, version, description } = project;
  if (!name) return undefined;
  const named = nameInReadme(folder);
  return {
    source: '',
    serverName: named,
    shortName: name,
    description,
    version,
    websiteUrl: urls.homepage ?? urls.documentation,
    repositoryUrl: urls.repository ?? urls.source ?? project.repository,
    package: packageOf('pypi', name, version),
    ...(!named && { proof: sayReadme('PyPI') }),
  };
}

function ofCargo(source: string, folder: string): Half | undefined {
  const { name, version, description, repository, homepage } = readToml(source).get('package') ?? {};
  if (!name) return undefined;
  const named = nameInReadme(folder);
  return {
    source: '',
    serverName: named,
    shortName: name,
    description,
    version,
    websiteUrl: homepage,
    repositoryUrl: repository,
    package: packageOf('cargo', name, version),
    ...(!named && { proof: sayReadme('crates.io') }),
  };
}

function ofNuget(source: string, folder: string): Half | undefined {
  const field = (name: string) => text(new RegExp(`<${name}>([^<]{1,1000})</${name}>`).exec(source)?.[1]);
  const id = field('PackageId');
  if (!id) return undefined;
  const named = nameInReadme(folder);
  return {
    source: '',
    serverName: named,
    shortName: id,
    title: field('Title'),
    description: field('Description'),
    version: field('PackageVersion') ?? field('Version'),
    websiteUrl: field('PackageProjectUrl'),
    repositoryUrl: field('RepositoryUrl'),
    package: packageOf('nuget', id, field('PackageVersion') ?? field('Version')),
    ...(!named && { proof: sayReadme('NuGet') }),
  };
}

/** An image's labels; its own name is nowhere in it. */
function ofDocker(source: string): Half | undefined {
  const label = (name: string) =>
    text(
      new RegExp(`\\b${name.replaceAll('.', '\\.')}"?\\s*=\\s*("(?:[^"\\\\\\n]|\\\\.)*"|[^\\s"]+)`)
        .exec(source)?.[1]
        ?.replace(/^"|"$/g, ''),
    );
  const oci = (name: string) => label(`org.opencontainers.image.${name}`);
  const serverName = label('io.modelcontextprotocol.server.name');
  const found = {
    serverName,
    title: oci('title'),
    description: oci('description'),
    version: oci('version'),
    repositoryUrl: oci('source'),
    websiteUrl: oci('url'),
  };
  return Object.values(found).some(Boolean) ? { source: '', ...found } : undefined;
}

/** `mcp-name: io.github.alice/weather`, by which a README says whose package it is. */
function nameInReadme(folder: string): string | undefined {
  const readme = list(folder).find((name) => /^readme(\.\w+)?$/i.test(name));
  return readme === undefined
    ? undefined
    : /\bmcp-name:\s*([\w.-]+\/[\w.-]+)/.exec(read(join(folder, readme)) ?? '')?.[1];
}

const sayReadme = (where: string) => (server: string) =>
  `Add "mcp-name: ${server}" to the README and publish that version to ${where} before you publish here.`;

function read(file: string): string | undefined {
  try {
    return statSync(file).size > MAX_BYTES ? undefined : readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
