import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorize, serverTarget } from '../../src/auth/authorize.ts';
import { readViewer, type Action } from '../../src/auth/viewer.ts';
import { RegistryError } from '../../src/errors.ts';
import { publicSchema } from '../../src/schema.ts';
import { startAuthWorld, type AuthWorld } from './outside.ts';
import { all, expectedRule, targets } from './matrix.rules.ts';
import { rowsOf } from './matrix.rows.ts';
import { populate, type Principal } from './principals.ts';

let world: AuthWorld;
let principals: Principal[];
const tokens = new Map<string, string | null>();

beforeAll(async () => {
  world = await startAuthWorld();
  principals = await populate(world);
  for (const { name, login } of principals) tokens.set(name, await login());
});

afterAll(() => world.close());

describe('who may do what to which name', () => {
  test('the rule behind every write: each action, principal and target', async () => {
    let cells = 0;
    for (const { name } of principals) {
      for (const action of ['publish', 'status', 'edit'] as const) {
        for (const target of all) {
          const said = await ruleSays(tokens.get(name) ?? null, action, targets[target]);
          expect(`${name}, ${action}, ${target}: ${said}`).toBe(
            `${name}, ${action}, ${target}: ${expectedRule(name, action, target)}`,
          );
          cells += 1;
        }
      }
    }
    console.log(`authorization rule: ${cells} cells`);
  });
});

async function ruleSays(token: string | null, action: Action, name: string): Promise<string> {
  const { app } = world.registry;
  try {
    const viewer = await readViewer(app, token === null ? undefined : `Bearer ${token}`);
    if (!viewer) return 'UNAUTHENTICATED';
    await authorize(app, viewer, action, serverTarget(name));
    return 'ok';
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
    throw error;
  }
}

describe('every mutation and its REST twin, by everyone, on every name', () => {
  const fields = Object.values(publicSchema.getMutationType()!.getFields());

  test('each mutation of the schema has a row here', () => {
    expect(fields.map((field) => field.name).toSorted()).toEqual(Object.keys(rowsOf(world, tokens)).toSorted());
  });

  test.each(fields.map((field) => field.name))('%s', async (mutation) => {
    const { targets: on = ['own'], input, rest, expected, fresh } = rowsOf(world, tokens)[mutation]!;
    let cells = 0;
    for (const { name, login } of principals) {
      for (const target of on) {
        const token = fresh ? await login() : tokens.get(name)!;
        const value = input && (await input(target, name));
        const cell = `${mutation} by ${name} on ${target}`;
        expect(`${cell}: ${await graphqlSays(mutation, value, token)}`).toBe(`${cell}: ${expected(name, target)}`);
        cells += 1;
        if (!rest) continue;
        const path = typeof rest.path === 'string' ? rest.path : rest.path(target);
        const request = { method: rest.method ?? 'POST', path, body: rest.body(value as never) };
        expect(`${cell} by REST: ${await restSays(request, token)}`).toBe(`${cell} by REST: ${expected(name, target)}`);
        cells += 1;
      }
    }
    console.log(`${mutation}: ${cells} cells`);
  });
});

async function graphqlSays(mutation: string, input: object | null, token: string | null): Promise<string> {
  const type = publicSchema.getMutationType()!.getFields()[mutation]!.args[0]?.type;
  const query = type
    ? `mutation ($i: ${type}) { ${mutation}(input: $i) { __typename ... on Error { code } } }`
    : `mutation { ${mutation} { __typename ... on Error { code } } }`;
  const { data, errors } = await world.registry.graphql(query, { i: input }, token ?? undefined);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[mutation].code ?? 'ok';
}

async function restSays(
  { method, path, body }: { method: string; path: string; body: object | undefined },
  token: string | null,
): Promise<string> {
  const answer = await world.registry.rest(`/v0${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (answer.ok) return 'ok';
  return ((await answer.json()) as { code: string }).code;
}
