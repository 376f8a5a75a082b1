// Imports a dump into a new embedded database as `npm run import` does; sends the parent what it did and how long it took.
import { connect } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { importFrom } from '../../src/sync/import.ts';

const [dump = ''] = process.argv.slice(2);
const { db, close } = await connect(loadConfig());
const began = performance.now();
const { created, skipped } = await importFrom(db, dump);
const seconds = (performance.now() - began) / 1000;
await close();
process.send?.({ created, skipped, seconds });
process.disconnect?.();
