// A registry of its own, whose lists shared caches may keep for so many seconds; it tells its address in one line.
import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { cachePolicies } from '../../src/http/cache.ts';
import { openDoors } from '../../src/http/server.ts';
import { startWork } from '../../src/work.ts';

Object.assign(cachePolicies, { list: cachePolicies.list.replace(/s-maxage=\d+/, `s-maxage=${process.argv[2]}`) });
const app = await createApp(loadConfig(), { log: pino({ level: 'silent' }) });
const doors = await openDoors(app);
await startWork(app);
console.log(doors.publicUrl);
