import { show } from './issues.ts';
import { member, text, type Place } from './place.ts';
import type { Report } from './rules.ts';
import { tooLong } from './url-rules.ts';

const urls = new Map([
  ['github', /^https?:\/\/(?:www\.)?github\.com\/[\w.-]+\/[\w.-]+\/?$/],
  ['gitlab', /^https?:\/\/(?:www\.)?gitlab\.com\/[\w.-]+(?:\/[\w.-]+)+\/?$/],
]);

/** Where the source code is: a repository at GitHub or GitLab. An empty object is the schema's concern. */
export function checkRepository(repository: Place, report: Report): void {
  const url = text(repository, 'url') ?? '';
  const source = text(repository, 'source') ?? '';
  if (url === '' && source === '') return;
  const place = member(repository, 'url');
  if (!tooLong(place, report) && !urls.get(source)?.test(url)) {
    report(place, 'invalid-repository-url', `invalid repository URL: ${show(url)}`);
  }
  const subfolder = text(repository, 'subfolder');
  if (subfolder && !isSubfolder(subfolder)) {
    const message = `invalid subfolder path: ${show(subfolder)}`;
    report(member(repository, 'subfolder'), 'invalid-subfolder-path', message);
  }
}

function isSubfolder(path: string): boolean {
  return /^[a-zA-Z0-9\-_./]+$/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
}
