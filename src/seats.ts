import { RegistryError } from './errors.ts';

/** Room for what lasts longer than a request should. */
export interface Seats {
  /** Takes a seat for a caller's address, and gives what frees it again. Throws RATE_LIMITED, or UNAVAILABLE when all are taken. */
  take(address: string): () => void;
  /** How many are taken. */
  taken(): number;
}

/** Seconds after which one may be free. */
const RETRY_AFTER = 15;

/** Makes seats of this process: so many in all, and so many for one address. */
export function createSeats({ total, each }: { total: number; each: number }): Seats {
  const byAddress = new Map<string, number>();
  let taken = 0;
  return {
    taken: () => taken,
    take: (address) => {
      const held = byAddress.get(address) ?? 0;
      if (held >= each) {
        const sentence = `There may be ${each} of these at a time from one address: end one, or wait.`;
        throw new RegistryError('RATE_LIMITED', sentence, { retryAfter: RETRY_AFTER });
      }
      if (taken >= total) {
        const sentence = 'As many of these as there may be are under way: try again shortly.';
        throw new RegistryError('UNAVAILABLE', sentence, { retryAfter: RETRY_AFTER });
      }
      taken += 1;
      byAddress.set(address, held + 1);
      let free = false;
      return () => {
        if (free) return;
        free = true;
        taken -= 1;
        const left = byAddress.get(address)! - 1;
        if (left > 0) byAddress.set(address, left);
        else byAddress.delete(address);
      };
    },
  };
}
