import { VERSION } from './cli.ts';
import { CliError } from './errors.ts';
import { clean } from './clean.ts';
import type { Output } from './output.ts';

/** Refuses to go on where the registry says that this program is too old for it, and says how to update. */
export function checkVersion(minimum: string, { note }: Output): void {
  if (!/^\d+\.\d+\.\d+/.test(minimum)) {
    return note(`The registry names no version that makes sense: ${clean(minimum).slice(0, 40)}`);
  }
  if (!isOlder(VERSION, minimum)) return;
  throw new CliError(
    'refused',
    'CLIENT_TOO_OLD',
    `This is mcp ${VERSION}, and the registry works with ${clean(minimum).slice(0, 40)} and later: update with \`npm install --global mcp-registry-cli@latest\`, or run \`npx mcp-registry-cli@latest\`.`,
    { minimumClientVersion: minimum },
  );
}

function isOlder(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((text) => text.split(/[-+]/)[0]!.split('.').map(Number));
  const differs = [0, 1, 2].find((i) => ours![i] !== theirs![i]);
  return differs !== undefined && ours![differs]! < theirs![differs]!;
}
