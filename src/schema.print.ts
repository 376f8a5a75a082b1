import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { publicSchema, subgraphSdl } from './schema.ts';

/** What is generated from the code and committed: the public contract, and the contract with supergraph routers. */
const files = {
  'schema.graphql': `${printSchema(lexicographicSortSchema(publicSchema))}\n`,
  'test/federation/subgraph.graphql': subgraphSdl({ rights: false }),
  'test/federation/subgraph.authenticated.graphql': subgraphSdl({ rights: true }),
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
