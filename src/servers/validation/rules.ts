import type { Issues } from './issues.ts';
import { lengthOf } from './length.ts';
import { documentLimits } from './limits.ts';
import { checkLists } from './list-rules.ts';
import { checkMeta } from './meta-rules.ts';
import { checkName } from './name-rules.ts';
import { checkPackage } from './package-rules.ts';
import { items, member, type Place } from './place.ts';
import { checkRepository } from './repository-rules.ts';
import { checkRemote } from './transport-rules.ts';
import { checkIcon, checkWebsite } from './url-rules.ts';
import { checkVersion } from './version-rules.ts';

/** A rule's way to report: where, which rule, what is wrong. */
export type Report = (place: Pick<Place, 'path'>, reference: string, message: string) => void;

/** Everything that the official schema can't say (official registry, section 2.3), and our own limits. */
export function checkRules(document: unknown, issues: Issues): void {
  const root: Place = { value: document, path: [] };
  const report: Report = ({ path }, reference, message) => issues.add({ path, type: 'semantic', message, reference });
  checkName(member(root, 'name'), report);
  checkVersion(member(root, 'version'), report);
  checkTitle(member(root, 'title'), report);
  checkRepository(member(root, 'repository'), report);
  checkWebsite(member(root, 'websiteUrl'), report);
  for (const icon of items(root, 'icons')) checkIcon(member(icon, 'src'), report);
  for (const one of items(root, 'packages')) checkPackage(one, report);
  for (const remote of items(root, 'remotes')) checkRemote(remote, report);
  checkMeta(member(root, '_meta'), report);
  checkLists(root, report);
}

/** Shown even where the schema of the document does not know it. */
function checkTitle(title: Place, report: Report): void {
  const { titleLength } = documentLimits;
  if (typeof title.value !== 'string' || title.value === '') return;
  if (title.value.trim() === '') report(title, 'title-whitespace-only', 'title cannot be only whitespace');
  if (lengthOf(title.value) > titleLength) {
    report(title, 'title-too-long', `title must have at most ${titleLength} characters`);
  }
}
