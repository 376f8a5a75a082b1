import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { graphqlSync, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { publicSchema, subgraphSchema } from './schema.ts';

/** What is generated from the code and committed: the public contract, and the contract with supergraph routers. */
const files = {
  'schema.graphql': `${printSchema(lexicographicSortSchema(publicSchema))}\n`,
  'test/federation/subgraph.graphql': `${sdlOf(subgraphSchema)}\n`,
};

for (const [name, printed] of Object.entries(files)) {
  const file = new URL(`../${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, printed);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== printed) {
    console.error(`${name} is not what the code says: run \`npm run generate\` and commit it.`);
    process.exitCode = 1;
  }
}

/** The SDL as routers are told it, with federation's directives. */
function sdlOf(schema: GraphQLSchema): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  return (data as { _service: { sdl: string } })._service.sdl;
}
