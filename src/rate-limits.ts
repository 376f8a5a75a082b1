import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RegistryError } from './errors.ts';

/** How much of a budget is left, for the `RateLimit-*` headers. */
export interface Budget {
  limit: number;
  remaining: number;
  /** Seconds until it is full again. */
  reset: number;
  /** Whether this one was too many. */
  exceeded: boolean;
}

/** Budgets a minute: of logins and of registered operations an address, of writes an account. */
const BUDGETS = { login: 60, write: 300, operation: 30 } as const;
const WINDOW_SECONDS = 60;

/** Takes one from a caller's budget and says what is left; null when limits are off. */
export type RateLimits = (kind: keyof typeof BUDGETS, caller: string) => Promise<Budget | null>;

/** Counts in this process: with several, a caller has as many budgets, which still bounds what it can do. */
export function createRateLimits(enabled: boolean): RateLimits {
  if (!enabled) return async () => null;
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  const limiters = {
    login: limiter(BUDGETS.login),
    write: limiter(BUDGETS.write),
    operation: limiter(BUDGETS.operation),
  };
  return async (kind, caller) => {
    try {
      return toBudget(BUDGETS[kind], await limiters[kind].consume(caller), false);
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      return toBudget(BUDGETS[kind], spent, true);
    }
  };
}

/** Refuses what is beyond a budget; throws RATE_LIMITED with `retryAfter` in seconds. */
export function refuseExceeded(budget: Budget | null): void {
  if (!budget?.exceeded) return;
  const { reset } = budget;
  throw new RegistryError('RATE_LIMITED', `Too many requests: wait ${reset} s and go on.`, { retryAfter: reset });
}

const toBudget = (limit: number, { remainingPoints, msBeforeNext }: RateLimiterRes, exceeded: boolean): Budget => ({
  limit,
  remaining: Math.max(0, remainingPoints),
  reset: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  exceeded,
});
