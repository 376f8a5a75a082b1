// PostGraphile over the registry's database, as its makers say for production; answers one registered query by GET.
import { createServer } from 'node:http';
import { PersistedPlugin } from '@grafserv/persisted';
import { grafserv } from 'postgraphile/grafserv/node';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const [databaseUrl, query] = process.argv.slice(2);

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [PersistedPlugin],
  pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['public'], poolConfig: { max: 10 } })],
  grafast: { explain: false },
  grafserv: {
    graphqlOverGET: true,
    graphiql: false,
    graphiqlOnGraphQLGET: false,
    outputDataAsString: true,
    websockets: false,
    persistedOperations: { page: query },
  },
};

const instance = postgraphile(preset);
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
server.on('error', (error) => process.exit((console.error(error), 1)));
process.on('disconnect', () => process.exit(0));
