import { randomUUID } from 'node:crypto';

/** JSON text that is answered byte for byte as it is, inside an answer that is otherwise serialised as usual. */
export interface RawJson {
  toJSON(): unknown;
}

/** The texts met by the `stringify` that runs; null when another serialiser does. */
let collected: string[] | null = null;

/** No one can guess it, so that no reader's or publisher's text is ever taken for a mark. */
const MARK = `raw:${randomUUID()}:`;

/** Wraps JSON text; serialisers other than `stringify` see the parsed value. */
export function rawJson(text: string): RawJson {
  return {
    toJSON: () => {
      if (!collected) return JSON.parse(text);
      return `${MARK}${collected.push(text) - 1}`;
    },
  };
}

/** JSON.stringify that puts each RawJson's text in its place unchanged. */
export function stringify(value: unknown): string {
  const texts: string[] = [];
  collected = texts;
  try {
    const json = JSON.stringify(value);
    return texts.length === 0 ? json : splice(json, texts);
  } finally {
    collected = null;
  }
}

/** The marks stand in the order in which their texts were collected. */
function splice(json: string, texts: string[]): string {
  let spliced = '';
  let from = 0;
  texts.forEach((text, i) => {
    const mark = `"${MARK}${i}"`;
    const at = json.indexOf(mark, from);
    spliced += json.slice(from, at) + text;
    from = at + mark.length;
  });
  return spliced + json.slice(from);
}
