import type { TestApp } from '../../app.ts';
import type { Parsed } from '../../servers/walk.ts';

/** A subscription as its client sees it. */
export interface Listening {
  status: number;
  headers: Headers;
  /** Each event that tells something, until the stream completes; throws where it is cut. */
  events(): AsyncGenerator<Parsed>;
  /** Everything that came so far, as it came. */
  text(): string;
  /** Hangs up. */
  cut(): void;
}

/** Subscribes over server-sent events. */
export async function listen(app: Pick<TestApp, 'url'>, query: string, variables: object = {}): Promise<Listening> {
  const hangUp = new AbortController();
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal: hangUp.signal,
  });
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    cut: () => hangUp.abort(),
    async *events() {
      const decoder = new TextDecoder();
      let read = 0;
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        for (let end = text.indexOf('\n\n', read); end !== -1; end = text.indexOf('\n\n', read)) {
          const block = text.slice(read, end);
          read = end + 2;
          if (block.startsWith('event: complete')) return;
          const data = block.split('\n').find((line) => line.startsWith('data: '));
          if (data) yield JSON.parse(data.slice('data: '.length));
        }
      }
    },
  };
}

/** The next so many events. */
export async function take(events: AsyncGenerator<Parsed>, count: number): Promise<Parsed[]> {
  const taken: Parsed[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}
