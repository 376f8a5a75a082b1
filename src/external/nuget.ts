import { z } from 'zod';
import { guardedFetch } from './fetch.ts';
import {
  absent,
  addressOf,
  badStatus,
  createUpstream,
  readAnswer,
  segmentOf,
  UpstreamError,
  type UpstreamOptions,
} from './upstream.ts';

/** A NuGet source. */
export interface Nuget {
  /** The README inside of a package; null when there is no such package, or no README in it. */
  readme(id: string, version: string, signal: AbortSignal): Promise<string | null>;
  /** The versions of a package in their normal form; null when there is no such package (yet). */
  versions(id: string, signal: AbortSignal): Promise<string[] | null>;
}

export interface NugetOptions extends UpstreamOptions {
  /** The service index: `https://…/v3/index.json`. */
  indexUrl: string;
}

/** Where a source keeps what, by its service index. */
interface Places {
  /** With `{lower_id}` and `{lower_version}` in it. */
  readme: string;
  packages: string;
}

const Index = z.object({ resources: z.array(z.object({ '@id': z.string(), '@type': z.unknown() })) });
const Versions = z.object({ versions: z.array(z.string()) });

const INDEX_KEPT_MS = 3_600_000;

/** Makes the client; the service index is read once an hour. */
export function createNuget({ indexUrl, ...options }: NugetOptions): Nuget {
  const upstream = createUpstream('NuGet', options);
  let known: { places: Places; until: number } | null = null;

  const get = async (url: string, signal: AbortSignal) => {
    const answer = await guardedFetch(url, { signal, ...guardFor(url, indexUrl) });
    if (answer.status === 200) return answer;
    if (answer.status === 404) return absent(answer);
    throw badStatus(upstream.name, answer);
  };

  const places = async (signal: AbortSignal): Promise<Places> => {
    if (known && Date.now() < known.until) return known.places;
    const answer = await get(indexUrl, signal);
    if (!answer) throw new UpstreamError('network', `${upstream.name} has lost its service index.`);
    const found = placesOf(readAnswer(upstream.name, Index, await answer.json()));
    known = { places: found, until: Date.now() + INDEX_KEPT_MS };
    return found;
  };

  return {
    readme: (id, version, signal) =>
      upstream.ask(signal, async () => {
        const { readme } = await places(signal);
        const url = readme
          .replaceAll('{lower_id}', segmentOf(id.toLowerCase()))
          .replaceAll('{lower_version}', segmentOf(normalVersion(version)));
        const answer = await get(url, signal);
        return answer && answer.text();
      }),
    versions: (id, signal) =>
      upstream.ask(signal, async () => {
        const { packages } = await places(signal);
        const answer = await get(addressOf(packages, id.toLowerCase(), 'index.json'), signal);
        return answer && readAnswer(upstream.name, Versions, await answer.json()).versions;
      }),
  };
}

/** The version as NuGet's addresses have it: three numbers or four, without leading zeros or build metadata. */
export function normalVersion(version: string): string {
  const [, numbers = '', rest = ''] = /^(\d+(?:\.\d+){0,3})(-[^+]*)?(?:\+.*)?$/.exec(version) ?? [];
  if (numbers === '') return version.toLowerCase();
  const parts = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  if (parts.length === 4 && parts[3] === '0') parts.pop();
  return parts.join('.') + rest.toLowerCase();
}

function placesOf({ resources }: z.output<typeof Index>): Places {
  const find = (type: string) => resources.find((one) => [one['@type']].flat().includes(type))?.['@id'];
  const packages = find('PackageBaseAddress/3.0.0');
  if (packages === undefined) throw new UpstreamError('protocol', 'NuGet does not say where its packages are.');
  const base = packages.replace(/\/+$/, '');
  const readme = find('ReadmeUriTemplate/6.13.0') ?? `${base}/{lower_id}/{lower_version}/readme`;
  return { readme, packages: base };
}

/** Only the operator named the index; where it points must be public, or the same origin. */
function guardFor(url: string, indexUrl: string): { allowPrivate: boolean; allowHttp: boolean } {
  const own = URL.parse(url)?.origin === new URL(indexUrl).origin;
  return { allowPrivate: own, allowHttp: own };
}
