import type { ServerResponse } from 'node:http';

/** Tells whoever answers for long that nobody waits any more. */
export interface Endings {
  /** Ends when the response is over, whoever ended it, or when all do. */
  of(response: ServerResponse): AbortSignal;
  /** Ends all that there are and will be: the door closes. */
  endAll(): void;
}

/** Makes the endings of one door. */
export function createEndings(): Endings {
  const open = new Set<AbortController>();
  let closed = false;
  return {
    of: (response) => {
      const controller = new AbortController();
      const end = () => {
        open.delete(controller);
        // With a reason of ours, or an error with its stack is made each time.
        controller.abort('ended');
      };
      open.add(controller);
      response.once('close', end);
      if (closed || response.closed) end();
      return controller.signal;
    },
    endAll: () => {
      closed = true;
      for (const controller of open) controller.abort('ended');
      open.clear();
    },
  };
}
