import pg from 'pg';

/** How many words are searched for by turns. */
const WORDS = 24;

/**
 * Words to search for, the same for every size of registry as far as they are there: such as stand in two names, titles
 * or descriptions of a hundred thousand and up, drawn evenly over how usual they are, the most usual among them.
 */
export async function chooseWords(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ word: string }>(
    `SELECT word FROM (SELECT unnest(tsvector_to_array(search)) AS word FROM servers) w
     WHERE word ~ '^[a-z]{4,}$' AND word NOT IN ('github', 'server') GROUP BY word HAVING count(*) >= 2 ORDER BY count(*) DESC, word`,
  );
  await client.end();
  const step = Math.log(rows.length) / (WORDS - 1);
  const places = new Set(
    Array.from({ length: WORDS }, (_, i) => Math.min(rows.length, Math.round(Math.exp(i * step))) - 1),
  );
  return [...places].map((place) => rows[Math.max(0, place)]!.word);
}
