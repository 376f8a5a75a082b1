import type { Random } from './random.ts';

/** As much of JSON schema as the official schemas use. */
export interface JsonSchema {
  $ref?: string;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  type?: string;
  enum?: string[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  definitions?: Record<string, JsonSchema>;
}

export const uris = [
  'https://example.com/a',
  'https://example.com:8443/a/b?c=d#e',
  'http://example.com/',
  'https://[2001:db8::1]/x',
  'https://user:word@example.com/',
  'https://example.com/%7Ea',
  "https://example.com/it's",
  'urn:example:one',
  'mailto:a@example.com',
  'javascript:alert(1)',
  'data:text/plain,a',
  'git+ssh://git@github.com/a/b.git',
  'https://github.com/a/b',
  'https://gitlab.com/a/b/c',
];

const byPattern: Record<string, string[]> = {
  '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$': ['com.example/one', 'io.github.Alice/Two_2', 'a.b/c', '-/-', 'com.example/o'],
  '^[a-f0-9]{64}$': ['0'.repeat(64), 'fe33'.repeat(16)],
  '^(\\d+x\\d+|any)$': ['48x48', 'any', '0x0'],
  '^https?://[^\\s]+$': [
    'https://example.com/mcp',
    'http://localhost:8080',
    'https://{host}/{path}',
    'https://a.example:{port}/',
  ],
};
const texts = [
  'x',
  'some words',
  'é',
  'e\u0301',
  '🦀',
  '{name}',
  '--flag',
  '1.0.0',
  '^1.2',
  'latest',
  ' ',
  '\u202eabc',
];
const names = ['KEY', 'name', 'constructor', 'toString', 'host', 'a b'];

/** Makes values that fit a schema, most of them at its edges. */
export class Generator {
  #root: JsonSchema;
  #random: Random;

  constructor(root: JsonSchema, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  document(): Record<string, unknown> {
    return this.value({ $ref: this.#root.$ref }) as Record<string, unknown>;
  }

  value(schema: JsonSchema): unknown {
    const random = this.#random;
    if (schema.$ref) return this.value(this.#root.definitions![schema.$ref.split('/').at(-1)!]!);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.value(part))) as unknown;
    if (schema.properties || schema.type === 'object') return this.#object(schema);
    if (schema.anyOf) return this.value(random.pick(schema.anyOf));
    if (schema.enum) return random.pick(schema.enum);
    if (schema.type === 'array') return Array.from({ length: random.below(4) }, () => this.value(schema.items!));
    if (schema.type === 'boolean') return random.chance(0.5);
    return this.#text(schema);
  }

  #object({ properties = {}, required = [], anyOf = [], additionalProperties }: JsonSchema): unknown {
    const random = this.#random;
    const either = anyOf.length > 0 ? (random.pick(anyOf).required ?? []) : [];
    const wanted = [...required, ...either];
    const object: Record<string, unknown> = {};
    for (const [key, schema] of Object.entries(properties)) {
      if (wanted.includes(key) || random.chance(0.4)) object[key] = this.value(schema);
    }
    for (const key of either) object[key] ??= random.pick(texts);
    if (typeof additionalProperties === 'object') {
      for (let n = random.below(3); n > 0; n -= 1) object[random.pick(names)] = this.value(additionalProperties);
    }
    return object;
  }

  #text({ format, pattern, minLength = 0, maxLength = 12 }: JsonSchema): string {
    const random = this.#random;
    if (format === 'uri') return random.pick(uris);
    if (pattern) return random.pick(byPattern[pattern]!);
    if (random.chance(0.5)) return random.pick(texts);
    const length = random.pick([minLength, minLength + 1, maxLength]);
    return random.pick(['x', '🦀', 'é', '0']).repeat(length);
  }
}
