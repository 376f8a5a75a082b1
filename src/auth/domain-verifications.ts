import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { parseDomain } from '../namespaces/domain.ts';
import { checkVerification, listVerifications, startVerification } from '../namespaces/verification.ts';
import type { Viewer } from './viewer.ts';
import { actorOf, refuseUnattended, write } from './write.ts';

/** Starts to prove a domain to the viewer's account: gives the TXT record to publish. */
export function startDomainVerification(context: Context, text: string) {
  return write(context, { action: 'domain.verify.start', target: text.slice(0, 253) }, async (viewer) => {
    refuseUnattended(viewer);
    return startVerification(envOf(context.app), whoIs(viewer), parseDomain(text), context.app.now());
  });
}

/** Looks for the record in DNS; the domain's namespace is the account's when it is there and nobody proved it before. */
export function checkDomainVerification(context: Context, text: string) {
  return write(context, { action: 'domain.verify.check', target: text.slice(0, 253) }, async (viewer) => {
    refuseUnattended(viewer);
    return checkVerification(envOf(context.app), whoIs(viewer), parseDomain(text), context.app.now());
  });
}

/** The domains that a viewer's account proved or set out to prove. */
export const verificationsOf = (app: App, { account }: Viewer) => listVerifications(envOf(app), account.id);

/** What the rules of domain verification stand on. */
export const envOf = ({ db, outside, config }: App) => ({
  db,
  resolver: outside.resolver,
  readKeyFile: outside.readKeyFile,
  publicUrl: config.publicUrl,
});

const whoIs = ({ account }: Viewer) => ({ accountId: account.id, actor: actorOf(account) });
