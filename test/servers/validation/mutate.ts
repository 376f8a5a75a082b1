import { uris } from './generate.ts';
import type { Random } from './random.ts';

type Container = Record<string | number, unknown>;

const lengths = [0, 1, 2, 3, 64, 100, 101, 200, 201, 255, 256];
const values: unknown[] = [
  ...[null, true, false, 0, -0, 1.5, 2 ** 53 + 1, [], {}, [null], ['a'], { a: 1 }, [[]]],
  ...['', ' ', 'latest', 'stdio', 'sse', 'streamable-http', 'named', 'positional', 'integer', 'active', 'any', 'dark'],
  ...[
    'a/b',
    'a//b',
    'a',
    '/',
    'а/b',
    '1.x',
    '\u0000',
    '\u202e',
    'e\u0301',
    'http://a b',
    'https://',
    '//x',
    'x:',
    '{a}',
  ],
  ...[
    'https://exa mple.com',
    'https://example.com/"><script>',
    'https://example.com/\\',
    'https://é.example/',
    'HTTPS://A',
  ],
  ...uris,
];
const keys = [
  'x',
  'is_required',
  'isRequired',
  'website_url',
  'registry_type',
  'variables',
  'headers',
  'status',
  'title',
  'name',
];

/** Changes one thing somewhere in a document: drops, renames, adds, repeats or replaces it. */
export function mutate(document: Container, random: Random): void {
  const places: { container: Container; key: string | number }[] = [];
  const collect = (container: Container): void => {
    for (const key of Object.keys(container)) {
      const place = { container, key: Array.isArray(container) ? Number(key) : key };
      places.push(place);
      const value = container[key];
      if (typeof value === 'object' && value !== null) collect(value as Container);
    }
  };
  collect(document);
  const { container, key } = random.pick(places);
  const value = container[key];
  const kind = random.below(5);
  if (kind === 0) drop(container, key);
  else if (kind === 1 && !Array.isArray(container)) {
    drop(container, key);
    container[random.pick(keys)] = value;
  } else if (kind === 2) add(container, value, random);
  else if (kind === 3) container[key] = random.pick(['x', '🦀', 'é', '0', 'a/']).repeat(random.pick(lengths));
  else container[key] = anything(random);
}

/** A copy, or a later change would be one of all. */
const anything = (random: Random) => structuredClone(random.pick(values));

function drop(container: Container, key: string | number): void {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
}

function add(container: Container, value: unknown, random: Random): void {
  if (Array.isArray(container)) container.push(random.chance(0.5) ? structuredClone(value) : anything(random));
  else container[random.pick(keys)] = anything(random);
}
