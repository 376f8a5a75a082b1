import type { Beside } from './beside.ts';
import type { Copy } from './full-copy.ts';
import { type Outcome, type Taken } from './rounds.ts';
import { median } from './statistics.ts';

/** A figure to reach, and what was measured: ratios of requests a second within each round, unless the name says otherwise. */
export interface Bar {
  what: string;
  wanted: string;
  /** The median, and the lowest and highest of the rounds. */
  measured: number;
  range: [number, number] | null;
  met: boolean;
}

interface Compared {
  what: string;
  least: number;
  ours: Taken[] | null | undefined;
  other: Taken[] | null | undefined;
}

/** The figures to reach, of all registries that were measured; what was not measured is left out. */
export function toBars(outcomes: Outcome[], copies: Copy[], beside: Beside[]): Bar[] {
  const sizes = [...new Set(outcomes.map(({ versions }) => versions))];
  const find = (key: string, versions: number) => outcomes.find((one) => one.key === key && one.versions === versions);
  const compared = sizes.flatMap((versions) => {
    const of = (key: string) => find(key, versions)?.rounds;
    const bare = (key: string) => find(key, versions)?.bare;
    const at = ` (${sizeText(versions)})`;
    return [
      {
        what: `kept GraphQL page / bare node:http${at}`,
        least: 0.9,
        ours: of('kept-graphql'),
        other: bare('kept-graphql'),
      },
      { what: `kept REST page / bare node:http${at}`, least: 0.9, ours: of('kept-rest'), other: bare('kept-rest') },
      {
        what: `GraphQL 304 / bare node:http with the page${at}`,
        least: 1,
        ours: of('304-graphql'),
        other: bare('304-graphql'),
      },
      {
        what: `REST 304 / bare node:http with the page${at}`,
        least: 1,
        ours: of('304-rest'),
        other: bare('304-rest'),
      },
      { what: `GraphQL page / PostGraphile 5${at}`, least: 2.5, ours: of('graphql'), other: of('postgraphile') },
      { what: `GraphQL page / SQL by hand${at}`, least: 1.3, ours: of('graphql'), other: of('sql') },
      {
        what: `GraphQL page, store off / PostGraphile 5${at}`,
        least: 1.2,
        ours: of('graphql-off'),
        other: of('postgraphile'),
      },
      { what: `REST exact version / GraphQL page${at}`, least: 2, ours: of('exact'), other: of('graphql') },
    ];
  });
  const grown = sizes
    .filter((versions) => versions > 10_000)
    .flatMap((versions) => {
      const at = `, ${sizeText(versions)} / 10k`;
      const pair = (key: string) => ({ ours: find(key, versions)?.rounds, other: find(key, 10_000)?.rounds });
      return [
        { what: `GraphQL page${at}`, least: 0.9, ...pair('graphql') },
        { what: `REST page${at}`, least: 0.9, ...pair('rest') },
        { what: `search of one word${at}`, least: 0.5, ...pair('search') },
      ];
    });
  return [
    ...[...compared, ...grown].flatMap(toBar),
    ...sizes.flatMap((versions) => slowest(find('search', versions))),
    ...copies.map(({ versions, ratio }) => ({
      ...{ what: `/export / COPY TO STDOUT, bytes a second (${sizeText(versions)})`, wanted: '≥ 0.3' },
      ...bounded(ratio, (measured) => measured >= 0.3),
    })),
    ...beside.map(({ versions, what, ratio }) => ({
      ...{ what: `${what}: p99 beside costly / alone (${sizeText(versions)})`, wanted: '≤ 5' },
      ...bounded(ratio, (measured) => measured <= 5),
    })),
  ];
}

function toBar({ what, least, ours, other }: Compared): Bar[] {
  if (!ours?.length || !other?.length) return [];
  const ratios = ours.map((one, round) => one.perSecond / other[round]!.perSecond);
  return [{ what, wanted: `≥ ${least}`, ...bounded(ratios, (measured) => measured >= least) }];
}

const bounded = (ratios: number[], isMet: (measured: number) => boolean) => {
  const measured = median(ratios);
  return { measured, range: [Math.min(...ratios), Math.max(...ratios)] as [number, number], met: isMet(measured) };
};

const SEARCH_MS = 150;

function slowest(search: Outcome | undefined): Bar[] {
  if (!search) return [];
  const p99 = search.rounds.map((one) => one.p99);
  const what = `search of one word, p99 in ms (${sizeText(search.versions)})`;
  return [{ what, wanted: `< ${SEARCH_MS}`, ...bounded(p99, (measured) => measured < SEARCH_MS) }];
}

/** `10k`, `1M`. */
export function sizeText(versions: number): string {
  if (versions >= 1_000_000) return `${versions / 1_000_000}M`;
  return versions >= 1_000 ? `${versions / 1_000}k` : String(versions);
}
