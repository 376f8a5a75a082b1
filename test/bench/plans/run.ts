// npm run bench:plans [-- --versions 1000000 --only <part of a name> --json <file>]
import { writeFileSync } from 'node:fs';
import { withDatabases } from '../grow/with-databases.ts';
import { readOptions } from '../options.ts';
import { lookAtPlans, type Looked } from './look.ts';

const line = ({ question, ms, read, faults, steps, statement }: Looked, whole: boolean) =>
  [
    `${faults.length > 0 ? 'BAD ' : 'ok  '} ${ms.toFixed(1).padStart(8)} ms ${String(read).padStart(8)} rows  ${question}`,
    ...(faults.length > 0 || whole ? [...faults.map((fault) => `       ${fault}`), `       ${steps}`] : []),
    ...(faults.length > 0 ? [`       ${statement}`] : []),
  ].join('\n');

const options = readOptions(process.argv.slice(2));
let bad = 0;
await withDatabases(options, async (databases) => {
  for (const versions of options.versions) {
    const { url, filled } = await databases.grown({ versions, seed: options.seed });
    console.log(
      `${versions} versions of ${filled.servers} servers, ${Math.round(filled.bytes / 1e6)} MB, grown in ${filled.seconds.toFixed(0)} s`,
    );
    const looked = await lookAtPlans(url, options.only);
    for (const one of looked) console.log(line(one, true));
    bad += looked.filter(({ faults }) => faults.length > 0).length;
    if (options.json) writeFileSync(options.json, `${JSON.stringify(looked, null, 2)}\n`);
  }
});
console.log(bad > 0 ? `${bad} statements are badly planned.` : 'Every statement uses an index and ends in time.');
process.exit(bad > 0 ? 1 : 0);
