import { z } from 'zod';
import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import type { GithubName } from '../external/github.ts';
import { ensureAccounts } from './accounts.db.ts';
import type { Workflow } from './grants.ts';
import { claimGithubNames, toProven } from './login-github.ts';
import { completeLogin, type Login } from './login.ts';
import { onceFor, verifyIdentity } from './identity-token.ts';
import { login } from './write.ts';

const number = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[1-9]\d{0,15}$/));

/** The claims of GitHub Actions that we rely on. */
const Claims = z.object({
  repository: z.string().max(200),
  repository_owner: z.string().max(100),
  repository_owner_id: number,
  workflow_ref: z.string().max(1_000),
  event_name: z.string().max(100).optional(),
  environment: z.string().max(255).optional(),
});

/** Events that run with the repository's rights on what strangers sent (as crates.io refuses them). */
const STRANGERS_EVENTS = ['pull_request_target', 'workflow_run'];

/** Exchanges an identity token of a GitHub Actions workflow, made for this registry, for a registry token; each counts once. */
export function loginWithWorkflow(context: Context, token: string): Promise<Login> {
  return login(context, { action: 'login.github-oidc' }, async () => {
    const { app } = context;
    const payload = await verifyIdentity(app.outside.workflows, token, {
      audience: app.config.publicUrl,
      now: app.now(),
    });
    const { owner, workflow } = readClaims(payload);
    return completeLogin(context, {
      method: 'github-oidc',
      subject: workflow.repository,
      once: onceFor(payload, token),
      settle: async (sql) => {
        const [account] = await ensureAccounts(sql, [toProven(owner)]);
        const github = await claimGithubNames(sql, [{ account: account!, name: owner, isOrganisation: false }]);
        return { account: account!, grants: { github, workflow } };
      },
    });
  });
}

/** The owner by number, and the workflow: `acme/weather/.github/workflows/publish.yml@refs/heads/main` is publish.yml. */
function readClaims(payload: unknown): { owner: GithubName; workflow: Workflow } {
  const { success, data, error } = Claims.safeParse(payload);
  if (!success) {
    const names = error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new RegistryError(
      'PROOF_REJECTED',
      `The token lacks claims of GitHub Actions, or they are malformed: ${names}.`,
    );
  }
  const { repository, repository_owner, repository_owner_id, workflow_ref, event_name, environment } = data;
  if (event_name && STRANGERS_EVENTS.includes(event_name)) {
    throw new RegistryError(
      'PROOF_REJECTED',
      `A workflow that was started by ${event_name} can not publish: use push, release or workflow_dispatch.`,
    );
  }
  const [, file] = /\/\.github\/workflows\/([^/@]+)@/.exec(workflow_ref) ?? [];
  if (!file || repository.split('/', 1)[0]?.toLowerCase() !== repository_owner.toLowerCase()) {
    throw new RegistryError(
      'PROOF_REJECTED',
      "The token's claims do not fit together: repository, repository_owner, workflow_ref.",
    );
  }
  return {
    owner: { id: Number(repository_owner_id), login: repository_owner },
    workflow: { repository, workflow: file, environment: environment ?? null },
  };
}
