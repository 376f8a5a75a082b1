// A service of its own that kills itself, as kill -9 does, at one point of publishing; it tells its address in one line.
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openDoors } from '../../src/http/server.ts';
import { startWork } from '../../src/work.ts';
import { pino } from 'pino';
import { points, type Point } from './points.ts';

const point = points[process.argv[2] as Point];
let committed = false;

const app = await createApp(loadConfig(), {
  log: pino({ level: 'silent' }),
  onStatement: (text) => {
    if (point === 'after the commit' ? committed : point?.test(text)) process.kill(process.pid, 'SIGKILL');
    if (text === 'COMMIT') committed = true;
  },
});
const doors = await openDoors(app);
await startWork(app);
console.log(doors.publicUrl);
