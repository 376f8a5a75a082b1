import { appendAudit } from '../audit/audit.db.ts';
import type { Context } from '../context.ts';
import { RegistryError } from '../errors.ts';
import { checkText, MAX_NAME } from '../input.ts';
import { authorize, authorizeWrite, serverTarget } from './authorize.ts';
import type { Workflow } from './grants.ts';
import { writeTrustedPublisher } from './trusted-publishers.db.ts';
import { actorOf, refuseUnattended, write } from './write.ts';

/** Names the only workflow that may publish a server by OIDC, before or after its first version; null lets any of the owner's. */
export function setTrustedPublisher(context: Context, name: string, workflow: Workflow | null): Promise<string> {
  const action = workflow ? 'trusted-publisher.set' : 'trusted-publisher.remove';
  return write(context, { action, target: name.slice(0, MAX_NAME) }, async (viewer) => {
    refuseUnattended(viewer);
    const { app } = context;
    const target = serverTarget(name);
    if (workflow) checkWorkflow(workflow);
    await authorize(app, viewer, 'publish', target);
    await app.db.transaction(async (sql) => {
      const { accountId } = await authorizeWrite(app, sql, { viewer, action: 'publish', target });
      await writeTrustedPublisher(sql, target.key, accountId ?? viewer.account.id, workflow);
      const entry = { actor: actorOf(viewer.account), action, target: target.key, details: { ...workflow } };
      await appendAudit(sql, { ...entry, outcome: 'done' });
    });
    return target.name;
  });
}

function checkWorkflow({ repository, workflow, environment }: Workflow): void {
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository)) {
    throw new RegistryError('BAD_USER_INPUT', 'A repository is written owner/name, such as acme/weather.');
  }
  if (!/^[\w.-]{1,200}\.ya?ml$/.test(workflow)) {
    throw new RegistryError(
      'BAD_USER_INPUT',
      'A workflow is the name of its file in .github/workflows, such as publish.yml.',
    );
  }
  if (environment !== null) checkText(environment, 'An environment', MAX_NAME);
}
