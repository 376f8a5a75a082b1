import { CliError } from '../errors.ts';
import { badAnswer, send } from '../http.ts';

/** Whether GitHub Actions offers identity tokens to this process. */
export const isWorkflow = (env: NodeJS.ProcessEnv) =>
  Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN);

/** An identity token of this workflow that is good at this registry only: its address is the audience. */
export async function workflowToken(env: NodeJS.ProcessEnv, registry: string): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: base = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = env;
  if (!isWorkflow(env) || !URL.canParse(base)) {
    throw new CliError(
      'login',
      'UNAUTHENTICATED',
      'GitHub Actions offers no identity token here: run it in a workflow that has `permissions: id-token: write`.',
    );
  }
  const url = new URL(base);
  url.searchParams.set('audience', registry);
  const { status, text } = await send(url.href, {
    headers: { authorization: `Bearer ${token}` },
    whom: 'GitHub Actions',
  });
  try {
    const { value } = JSON.parse(text) as { value?: unknown };
    if (status === 200 && typeof value === 'string') return value;
  } catch {
    // Told below.
  }
  throw badAnswer(
    `GitHub Actions gives no identity token (HTTP ${status}): does the workflow have \`permissions: id-token: write\`?`,
  );
}
