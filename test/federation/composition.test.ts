import { readFileSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isEnumType,
  parse,
  specifiedScalarTypes,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const registry = read('subgraph.graphql');
const marketplace = read('marketplace.graphql');

interface Composition {
  errors: string[];
  supergraph: string;
}

type Composer = (...sdls: string[]) => Composition;

const services = (sdls: string[]) =>
  sdls.map((sdl, i) => ({ name: `subgraph${i}`, url: `http://localhost:400${i}/graphql`, typeDefs: parse(sdl) }));

const composers: Record<string, Composer> = {
  '@apollo/composition': (...sdls) => {
    const { errors, supergraphSdl } = composeByApollo(services(sdls));
    return { errors: (errors ?? []).map(({ message }) => message), supergraph: supergraphSdl ?? '' };
  },
  '@theguild/federation-composition': (...sdls) => {
    const { errors, supergraphSdl } = composeByTheGuild(services(sdls));
    return { errors: (errors ?? []).map(({ message }) => message), supergraph: supergraphSdl ?? '' };
  },
};

function fieldsOf(supergraph: string, type: string): string[] {
  const schema = buildSchema(supergraph, { assumeValidSDL: true });
  return Object.keys((schema.getType(type) as GraphQLObjectType).getFields());
}

/** All types of a schema with the names of their fields or values. */
function namesIn(sdl: string): string[] {
  const types = Object.values(buildSchema(sdl, { assumeValidSDL: true }).getTypeMap());
  const ours = types.filter(({ name }) => !/^(__|link__|federation__)/.test(name) && !isSpecifiedScalarType(name));
  return ours.map((type) => `${type.name}: ${membersOf(type)}`).sort();
}

const isSpecifiedScalarType = (name: string) => specifiedScalarTypes.some((type) => type.name === name);

function membersOf(type: GraphQLNamedType): string {
  if ('getFields' in type) return Object.keys(type.getFields()).sort().join();
  return isEnumType(type)
    ? type
        .getValues()
        .map(({ name }) => name)
        .sort()
        .join()
    : '';
}

describe.each(Object.entries(composers))('%s', (_name, compose) => {
  it('composes the registry alone', () => {
    const { errors, supergraph } = compose(registry);
    expect(errors).toEqual([]);
    expect(fieldsOf(supergraph, 'Query')).toEqual(expect.arrayContaining(['server', 'servers', 'node', 'changes']));
  });

  it('joins what another subgraph knows of servers and versions', () => {
    const { errors, supergraph } = compose(registry, marketplace);
    expect(errors).toEqual([]);
    expect(fieldsOf(supergraph, 'Server')).toEqual(
      expect.arrayContaining(['name', 'latestVersion', 'versions', 'rating', 'installs', 'reviews']),
    );
    expect(fieldsOf(supergraph, 'ServerVersion')).toEqual(
      expect.arrayContaining(['name', 'version', 'packages', 'document', 'scannedAt', 'vulnerabilities']),
    );
    expect(fieldsOf(supergraph, 'Query')).toEqual(expect.arrayContaining(['servers', 'topRated', 'reviews']));
    expect(supergraph).toContain('@join__type(graph: SUBGRAPH0, key: "name version")');
    expect(supergraph).toContain('@join__type(graph: SUBGRAPH1, key: "name version")');
  });

  it('lets the router ask each side for its own fields only', () => {
    const { supergraph } = compose(registry, marketplace);
    expect(supergraph).toMatch(/\n {2}installs: Int! @join__field\(graph: SUBGRAPH1\)/);
    expect(supergraph).toMatch(/\n {2}latestVersion: ServerVersion @join__field\(graph: SUBGRAPH0\)/);
  });

  it('refuses a subgraph that asks for servers by what is no key of theirs', () => {
    const byTitle = marketplace.replace(
      '@key(fields: "name") {\n  name: String!',
      '@key(fields: "title") {\n  title: ID',
    );
    expect(compose(registry, byTitle).errors).not.toEqual([]);
  });

  it('refuses a PageInfo that is not shared', () => {
    const { errors } = compose(registry.replace(/@shareable\n\{/g, '{'), marketplace);
    expect(errors.join()).toContain('PageInfo');
  });
});

describe('the SDL', () => {
  it('links federation v2.9, the newest that both composers take', () => {
    expect(registry).toContain(
      '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])',
    );
  });

  it('has keys for servers and versions and nothing else, and a PageInfo to share', () => {
    const keys = [...registry.matchAll(/^type (\w+).*\n(?: {2}@key\(fields: "([^"]*)"\)\n?)/gm)];
    expect(keys.map(([, type, fields]) => [type, fields])).toEqual([
      ['Server', 'name'],
      ['ServerVersion', 'name version'],
    ]);
    expect(registry).toMatch(/type PageInfo\n {2}@shareable/);
    expect(registry.match(/@shareable\n\{/g)).toHaveLength(1);
  });

  it('offers routers what it offers everyone, and nothing internal, but no subscriptions', () => {
    const everyone = read('../../schema.graphql');
    expect(namesIn(registry)).toEqual(namesIn(everyone).filter((type) => !type.startsWith('Subscription:')));
    expect(registry).not.toMatch(/_service|_entities|_Any|nameKey|precedence|serverId|headId/);
  });
});
