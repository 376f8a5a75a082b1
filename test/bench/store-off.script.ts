// The service without its version store: what each request shows, it reads.
import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openDoors } from '../../src/http/server.ts';

const app = await createApp(loadConfig(), {
  log: pino({ level: 'info' }, pino.destination({ dest: process.argv[2], sync: false })),
  storeBytes: 1,
});
const { publicUrl, internalUrl } = await openDoors(app);
process.send?.({ publicUrl, internalUrl });
process.on('disconnect', () => process.exit(0));
