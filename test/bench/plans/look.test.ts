import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cloneTemplate } from '../../app.ts';
import { fillDatabase } from '../grow/fill.ts';
import { readTemplates } from '../grow/templates.ts';
import { lookAtPlans } from './look.ts';

it('reads no more of twenty thousand versions than a page needs, whatever is asked', async () => {
  const url = await cloneTemplate();
  const samples = readTemplates(resolve(import.meta.dirname, '../../../src/sync/samples.jsonl'));
  await fillDatabase(url, samples, { versions: 20_000, seed: 1 });

  const looked = await lookAtPlans(url);

  expect(new Set(looked.map(({ question }) => question)).size).toBeGreaterThan(150);
  expect(looked.filter(({ faults }) => faults.length > 0)).toEqual([]);
}, 120_000);
