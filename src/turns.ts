import pLimit from 'p-limit';
import { RegistryError } from './errors.ts';

/** Runs work when its turn comes. Throws UNAVAILABLE when too many wait already, or when its turn does not come. */
export type InTurn = <T>(run: () => Promise<T> | T) => Promise<T>;

export interface TurnsOptions {
  atATime: number;
  /** So many wait at most, and each at most so long. */
  waiting: number;
  waitMs: number;
  /** What who is turned away is told. */
  refusal: string;
  /** What is waited for between one's end and the next one's turn. */
  rest?: () => Promise<void>;
}

/** Lets so many run at a time; of the others a number wait their turn for a while, and more are turned away. */
export function createTurns({ atATime, waiting, waitMs, refusal, rest }: TurnsOptions): InTurn {
  const limit = pLimit(atATime);
  const tooMany = () => new RegistryError('UNAVAILABLE', refusal);
  return async <T>(run: () => Promise<T> | T) => {
    if (limit.pendingCount >= waiting) throw tooMany();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(tooMany());
    }, waitMs);
    void limit(async () => {
      clearTimeout(timer);
      if (late) return;
      await Promise.try(run).then(resolve, reject);
      await rest?.();
    });
    return promise;
  };
}
