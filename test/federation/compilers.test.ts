import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { packages, routersWanted } from './hive.ts';
import { readSdl } from './subgraph-server.ts';

const root = join(import.meta.dirname, '../..');
const load = createRequire(join(packages, 'package.json'));

interface Wundergraph {
  federateSubgraphs(options: object): { success: boolean; errors?: Error[]; federatedGraphSchema?: object };
  ROUTER_COMPATIBILITY_VERSION_ONE: string;
}

describe.skipIf(!routersWanted)('@wundergraph/composition', () => {
  it.each([
    ['the registry alone', ['subgraph']],
    ['the registry with what wants a login', ['subgraph.authenticated']],
    ['all three teams', ['subgraph', 'marketplace', 'reviews']],
  ])('composes %s', (_what, names) => {
    const { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } = load('@wundergraph/composition') as Wundergraph;
    const subgraphs = names.map((name) => ({ name, url: `http://${name}`, definitions: parse(readSdl(name)) }));
    const version = ROUTER_COMPATIBILITY_VERSION_ONE;
    const { success, errors = [] } = federateSubgraphs({ subgraphs, version });
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(success).toBe(true);
  });
});

const documents = String.raw`
import { graphql } from 'relay-runtime';
graphql${'`'}query AppQuery($name: String!) { server(name: $name) { ...App_server } ...App_servers node(id: "x") { id } }${'`'};
graphql${'`'}
  fragment App_servers on Query
  @refetchable(queryName: "AppServersQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
    servers(first: $first, after: $after) @connection(key: "App_servers") { totalCount edges { node { ...App_server } } }
  }
${'`'};
graphql${'`'}
  fragment App_server on Server
  @refetchable(queryName: "AppServerQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" }) {
    name
    latestVersion { ...App_version }
    versions(first: $count, after: $cursor) @connection(key: "App_server_versions") { edges { node { ...App_version } } }
  }
${'`'};
graphql${'`'}fragment App_version on ServerVersion @refetchable(queryName: "AppVersionQuery") { version document packages { identifier } }${'`'};
graphql${'`'}
  mutation AppPublishMutation($document: JSON!) {
    publishServer(input: { document: $document }) { __typename ... on Error { code message } }
  }
${'`'};
graphql${'`'}subscription AppChangesSubscription($after: Revision) { changes(after: $after) { revision version { ...App_version } } }${'`'};
`;

describe.skipIf(!routersWanted)('relay-compiler', () => {
  it('compiles connections and what can be fetched again from the public schema', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    try {
      await mkdir(join(folder, 'src'));
      await cp(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
      await writeFile(join(folder, 'src/App.ts'), documents);
      const config = { src: 'src', schema: 'schema.graphql', language: 'typescript', artifactDirectory: 'made' };
      await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
      await mkdir(join(folder, 'made'));
      const program = join(packages, 'node_modules/relay-compiler/cli.js');
      await promisify(execFile)(process.execPath, [program, 'relay.config.json'], { cwd: folder });
      const made = (await readdir(join(folder, 'made'))).map((file) => file.replace('.graphql.ts', ''));
      expect(made.sort()).toEqual(
        [
          ...['AppQuery', 'AppServersQuery', 'AppServerQuery', 'AppVersionQuery'],
          ...['App_servers', 'App_server', 'App_version', 'AppPublishMutation', 'AppChangesSubscription'],
        ].sort(),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
