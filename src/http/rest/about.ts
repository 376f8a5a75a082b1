import packageJson from '../../../package.json' with { type: 'json' };
import { operation } from './operation.ts';
import { Health, Ping, Version } from './wire.ts';

/** Tells that the process answers; publishers read the GitHub OAuth client id from it. */
export const health = operation({
  described: {
    id: 'get-health',
    tag: 'about',
    summary: 'Health of the registry',
    description:
      'Says that the registry answers, and which GitHub OAuth app publishers log in with. It does not ask the database.',
    answer: Health,
    problems: [],
  },
  handle: ({ app }) => {
    const { clientId } = app.config.github;
    return { body: JSON.stringify({ status: 'ok', ...(clientId ? { github_client_id: clientId } : {}) }) };
  },
});

/** Answers at once. */
export const ping = operation({
  described: {
    id: 'ping',
    tag: 'about',
    summary: 'Ping',
    description: 'Answers at once, for measuring the way here and back.',
    answer: Ping,
    problems: [],
  },
  handle: () => ({ body: JSON.stringify({ pong: true }) }),
});

/** Tells which build runs. */
export const version = operation({
  described: {
    id: 'get-version',
    tag: 'about',
    summary: 'Version of the registry',
    description: 'Tells which version of the software runs.',
    answer: Version,
    problems: [],
  },
  handle: () => ({
    body: JSON.stringify({ version: packageJson.version, git_commit: 'unknown', build_time: 'unknown' }),
  }),
});
