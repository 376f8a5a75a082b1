import pLimit from 'p-limit';
import { RegistryError } from './errors.ts';

/** Runs work when its turn comes. Throws UNAVAILABLE when too many wait already. */
export type InTurn = <T>(run: () => Promise<T> | T) => Promise<T>;

/** Lets so many run at a time; of the others a number wait their turn, and more are turned away with this sentence. */
export function createTurns(options: { atATime: number; waiting: number; refusal: string }): InTurn {
  const limit = pLimit(options.atATime);
  return async (run) => {
    if (limit.pendingCount < options.waiting) return limit(run);
    throw new RegistryError('UNAVAILABLE', options.refusal);
  };
}
