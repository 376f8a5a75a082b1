import { ExternalError } from './external-error.ts';

/** Told of each question to someone outside: who, `answered` or what went wrong, and milliseconds. */
export type Asked = (upstream: string, outcome: string, ms: number) => void;

/** The same client, whose questions are told of; what it says without asking anyone is not. */
export function timed<Client extends object>(upstream: string, client: Client, told: Asked): Client {
  const methods = Object.entries(client).map(([name, method]: [string, unknown]) => [
    name,
    typeof method === 'function' ? timedCall(upstream, method as Call, told) : method,
  ]);
  return Object.fromEntries(methods) as Client;
}

type Call = (...args: unknown[]) => unknown;

/** The same for a client that is one question. */
export function timedCall<Question extends (...args: never[]) => unknown>(
  upstream: string,
  question: Question,
  told: Asked,
): Question {
  return ((...args: never[]) => {
    const began = performance.now();
    const answer = question(...args);
    if (answer instanceof Promise) {
      const end = (outcome: string) => told(upstream, outcome, performance.now() - began);
      answer.then(
        () => end('answered'),
        (thrown: unknown) => end(outcomeOf(thrown)),
      );
    }
    return answer;
  }) as Question;
}

/** A definite no is an answer. */
function outcomeOf(thrown: unknown): string {
  if (thrown instanceof ExternalError) return thrown.kind;
  const { name } = (thrown ?? {}) as { name?: unknown };
  return name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : 'answered';
}
