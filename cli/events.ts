import { chunksOf } from './http.ts';

const LONGEST = 5 * 1024 * 1024;

/** The data of server-sent events, and null for what only says that the line is alive. */
export async function* readEvents(response: Response): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunksOf(response)) {
    text += decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
    if (text.length > LONGEST) throw new Error('an event is too long');
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) yield dataOf(block);
  }
}

/** The data of the first event in a text that is no stream of them: a refusal. */
export const firstData = (text: string): string => /^data: ?(.+)$/m.exec(text)?.[1] ?? text;

function dataOf(block: string): string | null {
  const lines = block.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []));
  const data = lines.join('\n');
  return data === '' ? null : data;
}
