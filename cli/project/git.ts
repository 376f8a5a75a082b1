import { execFileSync } from 'node:child_process';

/** Where a folder's git repository comes from, and where in it the folder is. */
export interface Git {
  /** As a browser opens it. */
  url: string;
  host: string;
  owner: string;
  repository: string;
  /** `packages/weather`; empty at the top. */
  subfolder: string;
}

/** The remote of the repository that a folder is in; undefined without one. */
export function readGit(folder: string): Git | undefined {
  const remote =
    git(folder, 'config', '--get', 'remote.origin.url') ??
    git(folder, 'config', '--get-regexp', '^remote\\..*\\.url$')?.split(/\s+/)[1];
  const [, host, owner, repository] =
    /^(?:[a-z+]+:\/\/)?(?:[^@/\s]+@)?([\w.-]+)(?::\d+)?[:/](.+)\/([^/\s]+?)(?:\.git)?\/?$/.exec(remote ?? '') ?? [];
  if (!host || !owner || !repository) return undefined;
  const subfolder = (git(folder, 'rev-parse', '--show-prefix') ?? '').replace(/\/$/, '');
  return { url: `https://${host}/${owner}/${repository}`, host: host.toLowerCase(), owner, repository, subfolder };
}

function git(cwd: string, ...args: string[]): string | undefined {
  try {
    return (
      execFileSync('git', args, {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 5_000,
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}
