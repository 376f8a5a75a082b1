/** Where something stands in a text; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** JSON read with the places of its values by path (`packages[0].identifier`), or what is wrong with it and where. */
export type ReadJson = { value: unknown; places: Map<string, Place> } | { wrong: string; place: Place };

const token =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
const MAX_DEPTH = 500;

class Wrong extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads JSON; JSON.parse says too little about what is wrong. */
export function readJson(text: string): ReadJson {
  const offsets = new Map<string, number>();
  const reader = createReader(text);
  const placeOf = createPlaces(text);
  try {
    readValue(reader, '', offsets, 0);
    const end = reader.rest();
    if (end < text.length) throw new Wrong('there is more text behind its end', end);
    const places = new Map([...offsets].map(([path, offset]) => [path, placeOf(offset)]));
    return { value: JSON.parse(text), places };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { wrong: error.message, place: placeOf(error.offset) };
  }
}

interface Token {
  text: string;
  offset: number;
}

function createReader(text: string) {
  let at = 0;
  const rest = () => at + /^[\t\n\r ]*/.exec(text.slice(at, at + 100_000))![0].length;
  return {
    rest,
    next(wanted: string): Token {
      token.lastIndex = at;
      const match = token.exec(text);
      if (!match) throw new Wrong(`${said(text, rest())} where ${wanted} should be`, rest());
      at = token.lastIndex;
      const found = match[1] ?? match[2] ?? match[3]!;
      return { text: found, offset: at - found.length };
    },
    peek(): string | undefined {
      return text[rest()];
    },
  };
}

function said(text: string, offset: number): string {
  const one = text[offset];
  if (one === undefined) return 'the text ends';
  return one === '"'
    ? 'there is a string that does not end, or with a wrong character in it,'
    : `there is ${JSON.stringify(one)}`;
}

type Reader = ReturnType<typeof createReader>;

function readValue(reader: Reader, path: string, offsets: Map<string, number>, depth: number): void {
  const { text, offset } = reader.next('a value');
  offsets.set(path, offset);
  if (depth > MAX_DEPTH) throw new Wrong('it is nested too deep', offset);
  if (text === '[') return readList(reader, path, offsets, depth);
  if (text === '{') return readObject(reader, path, offsets, depth);
  if (/^[}\],:]$/.test(text)) throw new Wrong(`there is "${text}" where a value should be`, offset);
}

function readList(reader: Reader, path: string, offsets: Map<string, number>, depth: number): void {
  if (reader.peek() === ']') return void reader.next(']');
  for (let i = 0; ; i++) {
    readValue(reader, `${path}[${i}]`, offsets, depth + 1);
    const { text, offset } = reader.next('"," or "]"');
    if (text === ']') return;
    if (text !== ',') throw new Wrong(`there is ${text.slice(0, 40)} where "," or "]" should be`, offset);
  }
}

function readObject(reader: Reader, path: string, offsets: Map<string, number>, depth: number): void {
  if (reader.peek() === '}') return void reader.next('}');
  for (;;) {
    const key = reader.next('a name in double quotes');
    if (!key.text.startsWith('"')) {
      throw new Wrong(`there is ${key.text.slice(0, 40)} where a name in double quotes should be`, key.offset);
    }
    const colon = reader.next('":"');
    if (colon.text !== ':') throw new Wrong(`there is ${colon.text.slice(0, 40)} where ":" should be`, colon.offset);
    const name = JSON.parse(key.text) as string;
    readValue(reader, path === '' ? name : `${path}.${name}`, offsets, depth + 1);
    const { text, offset } = reader.next('"," or "}"');
    if (text === '}') return;
    if (text !== ',') throw new Wrong(`there is ${text.slice(0, 40)} where "," or "}" should be`, offset);
  }
}

/** Finds the place of an offset, for many offsets of one text. */
function createPlaces(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
