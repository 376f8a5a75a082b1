// A program of its own that starts the embedded database, tells how that went in one line of JSON and stops it on any input.
import type * as Embedded from '../../src/database/embedded.ts';

const [module, options] = process.argv.slice(2);
const { startEmbeddedPostgres } = (await import(module!)) as typeof Embedded;
try {
  const database = await startEmbeddedPostgres(JSON.parse(options!));
  console.log(JSON.stringify({ url: database.url, attached: database.attached }));
  process.stdin.once('data', () => void database.stop().then(() => process.exit(0)));
} catch (error) {
  console.log(JSON.stringify({ error: String(error) }));
}
