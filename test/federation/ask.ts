import { expect } from 'vitest';
import type { Question } from './question.ts';
import type { Supergraph } from './supergraph.ts';

/** What a router answered. */
export interface RouterAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message: string }[];
}

/** Asks a router. */
export async function askRouter(url: string, { query, variables }: Pick<Question, 'query' | 'variables'>) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { headers: response.headers, ...((await response.json()) as RouterAnswer) };
}

/** Asks a router everything and gives what it got wrong; the reviews that were added are taken back. */
export async function wrongAnswers(url: string, asked: Question[], { said }: Pick<Supergraph, 'said'>) {
  const before = said.reviews.length;
  const wrong: { asks: string; why: string }[] = [];
  for (const question of asked) {
    await checkAnswer(url, question).catch(({ message }: Error) => wrong.push({ asks: question.asks, why: message }));
  }
  said.reviews.length = before;
  return wrong;
}

/** Throws where an answer is not the truth. */
async function checkAnswer(url: string, question: Question): Promise<void> {
  const { data, errors } = await askRouter(url, question);
  if (question.error) {
    expect(errors?.map(({ message }) => message)).toEqual([question.error]);
    return;
  }
  expect(errors).toBeUndefined();
  expect(data).toEqual(expected(question.data));
}

/** `$contains` stands for a list that has these and maybe more. */
function expected(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null) return value;
  if ('$contains' in value) return expect.arrayContaining(value.$contains as unknown[]);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, expected(one)]));
}
