import { readFileSync } from 'node:fs';
import { diff } from '@graphql-inspector/core';
import { applyTagFilterOnSubgraphs } from '@theguild/federation-composition';
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isEnumType,
  Kind,
  parse,
  print,
  specifiedScalarTypes,
  valueFromASTUntyped,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { composers } from './compose.ts';
import { readSdl } from './subgraph-server.ts';

const registry = readSdl('subgraph');
const marketplace = readSdl('marketplace');
const reviews = readSdl('reviews');
const everyone = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

const services = (sdls: string[]) =>
  sdls.map((sdl, i) => ({ name: `subgraph${i}`, url: `http://localhost:400${i}/graphql`, sdl }));

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

/** What can be asked for and done at all. */
const rootFields = (sdl: string) =>
  parse(sdl).definitions.flatMap((one) =>
    one.kind === Kind.OBJECT_TYPE_DEFINITION && /^(Query|Mutation)$/.test(one.name.value) ? (one.fields ?? []) : [],
  );

/** The directives of a type or a field, with their arguments. */
function directivesAt(sdl: string, place: string): Record<string, Record<string, unknown>> {
  const [name, fieldName] = place.split('.');
  const type = parse(sdl).definitions.find((one) => 'name' in one && one.name?.value === name);
  const fields = type && 'fields' in type ? (type.fields ?? []) : [];
  const at = fieldName ? fields.find((field) => field.name.value === fieldName) : type;
  const directives = at && 'directives' in at ? (at.directives ?? []) : [];
  return Object.fromEntries(
    directives.map((one) => [
      one.name.value,
      Object.fromEntries((one.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)])),
    ]),
  );
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

describe.each(Object.entries(composers))('%s', (_name, composer) => {
  const compose = (...sdls: string[]) => composer(services(sdls));

  it.each([
    ['', registry],
    [' with what wants a login', readSdl('subgraph.authenticated')],
  ])('composes the registry alone%s', (_what, sdl) => {
    const { errors, supergraph } = compose(sdl);
    expect(errors).toEqual([]);
    expect(fieldsOf(supergraph, 'Query')).toEqual(expect.arrayContaining(['server', 'servers', 'node', 'changes']));
    expect(fieldsOf(supergraph, 'Subscription')).toEqual(['changes']);
  });

  it('joins what other subgraphs know of servers and versions', () => {
    const { errors, supergraph } = compose(registry, marketplace, reviews);
    expect(errors).toEqual([]);
    expect(fieldsOf(supergraph, 'Server')).toEqual(
      expect.arrayContaining(['name', 'latestVersion', 'versions', 'rating', 'installs', 'headline', 'reviews']),
    );
    expect(fieldsOf(supergraph, 'ServerVersion')).toEqual(
      expect.arrayContaining(['name', 'version', 'packages', 'document', 'vulnerabilities', 'downloads']),
    );
    expect(fieldsOf(supergraph, 'PaidListing')).toEqual(expect.arrayContaining(['seats', 'complaints']));
    expect(fieldsOf(supergraph, 'Query')).toEqual(expect.arrayContaining(['servers', 'topRated', 'reviewsBy']));
    expect(supergraph).toContain('@join__type(graph: SUBGRAPH0, key: "name version")');
    expect(supergraph).toContain('@join__type(graph: SUBGRAPH1, key: "name version")');
  });

  it('joins the five lines that the README says are enough', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, fiveLines = ''] = /```graphql\n(extend schema[^`]*)```/.exec(readme) ?? [];
    const { errors, supergraph } = compose(registry, fiveLines);
    expect(errors).toEqual([]);
    expect(fieldsOf(supergraph, 'Server')).toEqual(expect.arrayContaining(['rating', 'latestVersion']));
  });

  it('lets the router ask each side for its own fields only', () => {
    const { supergraph } = compose(registry, marketplace);
    expect(supergraph).toMatch(/\n {2}installs: Int! @join__field\(graph: SUBGRAPH1\)/);
    expect(supergraph).toMatch(/\n {2}latestVersion: ServerVersion @join__field\(graph: SUBGRAPH0\)/);
  });

  it('hands on what lists cost, and what is public', () => {
    const { supergraph } = compose(registry, marketplace);
    expect(directivesAt(supergraph, 'Query.servers')).toMatchObject({
      tag: { name: 'public' },
      cost: { weight: 200 },
      listSize: { assumedSize: 30, slicingArguments: ['first', 'last'], sizedFields: ['edges'] },
    });
    expect(directivesAt(supergraph, 'Query.changes')).toMatchObject({ listSize: { sizedFields: ['changes'] } });
    expect(directivesAt(supergraph, 'Server.versions')).toMatchObject({ listSize: { assumedSize: 30 } });
  });

  it('refuses a subgraph that asks for servers by what is no key of theirs', () => {
    const byTitle = marketplace.replace('@key(fields: "name") {\n  name: String!', '@key(fields: "title") {');
    expect(compose(registry, byTitle).errors).not.toEqual([]);
  });

  it('refuses a PageInfo that is not shared', () => {
    const { errors } = compose(registry.replace(/  @shareable\n/g, ''), marketplace);
    expect(errors.join()).toContain('PageInfo');
  });

  it('refuses a subgraph that would answer for us what is ours', () => {
    const { errors } = compose(registry, marketplace.replace('title: String @external', 'title: String'));
    expect(errors.join()).toContain('Server.title');
  });
});

describe('the SDL', () => {
  it('links federation v2.9, the newest that both composers take', () => {
    const url = '"https://specs.apollo.dev/federation/v2.9"';
    const imports = ['@key', '@shareable', '@tag', '@cost', '@listSize'].map((name) => `"${name}"`).join(', ');
    expect(registry).toContain(`@link(url: ${url}, import: [${imports}])`);
  });

  it('has keys for servers and versions and nothing else, and a PageInfo to share', () => {
    const keys = [...registry.matchAll(/^type (\w+).*\n(?: {2}@key\(fields: "([^"]*)"\)\n?)/gm)];
    expect(keys.map(([, type, fields]) => [type, fields])).toEqual([
      ['Server', 'name'],
      ['ServerVersion', 'name version'],
    ]);
    expect(registry).toMatch(/type PageInfo\n {2}@shareable/);
    expect(registry.match(/@shareable\n/g)).toHaveLength(1);
  });

  it('offers routers what it offers everyone, and nothing internal', () => {
    expect(namesIn(registry)).toEqual(['CacheControlScope: PRIVATE,PUBLIC', ...namesIn(everyone)].sort());
    expect(registry).not.toMatch(/_service|_entities|_Any|nameKey|precedence|serverId|headId/);
    expect(everyone).not.toMatch(/@(?!deprecated|specifiedBy)\w/);
  });

  it('with what wants a login is the same but for that', () => {
    const rights = readSdl('subgraph.authenticated');
    const without = rights
      .replace(', "@authenticated", "@requiresScopes"', '')
      .replace(/ @(authenticated|requiresScopes\(scopes: \[\["edit"\]\]\))/g, '');
    expect(print(parse(without))).toBe(print(parse(registry)));
    const wanting = rootFields(rights).filter(({ directives = [] }) =>
      directives.some(({ name }) => /^(authenticated|requiresScopes)$/.test(name.value)),
    );
    const mutations = fieldsOf(registry, 'Mutation').filter(
      (field) => !/^exchange|^loginAnon|^startDomainProof/.test(field),
    );
    expect(wanting.map(({ name }) => name.value).sort()).toEqual([...mutations, 'viewer'].sort());
  });

  it('makes a contract of what is public: reading, and nothing of accounts', () => {
    const [filtered] = applyTagFilterOnSubgraphs([{ name: 'registry', typeDefs: parse(registry) }], {
      include: new Set(['public']),
      exclude: new Set(),
    });
    const { errors, supergraph } = composers['@theguild/federation-composition']!([
      { name: 'registry', url: 'http://localhost', sdl: print(filtered!.typeDefs) },
    ]);
    expect(errors).toEqual([]);
    const hidden = (place: string) => 'inaccessible' in directivesAt(supergraph, place);
    expect(['Query.viewer', 'Mutation.publishServer', 'ApiToken', 'Viewer'].filter((place) => !hidden(place))).toEqual(
      [],
    );
    const shown = ['Query.servers', 'Server', 'Server.title', 'PageInfo', 'ServerStatus', 'ServerFilter', 'JSON'];
    expect(shown.filter(hidden)).toEqual([]);
  });
});

it('takes nothing back of what was released', async () => {
  const released = readSdl('released');
  const changes = await diff(buildSchema(released), buildSchema(everyone));
  const breaking = changes.filter(({ criticality }) => criticality.level === 'BREAKING');
  expect(breaking.map(({ message }) => message)).toEqual([]);
  // And would be noticed.
  const less = buildSchema(everyone.replace('  digest: String!\n', '  checksum: String!\n'));
  expect((await diff(buildSchema(released), less)).some(({ criticality }) => criticality.level === 'BREAKING')).toBe(
    true,
  );
});
