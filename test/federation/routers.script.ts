// npm run test:routers: installs the large routers and compilers beside the project, and tries the registry with them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVitest } from '../tooling/vitest.ts';
import { packages } from './hive.ts';

const installed = join(packages, 'node_modules/.package-lock.json');

/** Whether what is there is what the lock file asks for. */
function upToDate(): boolean {
  if (!existsSync(installed)) return false;
  const versions = (file: string) => {
    const { packages: all } = JSON.parse(readFileSync(file, 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    return (name: string) => all[`node_modules/${name}`]?.version;
  };
  const [wanted, there] = [versions(join(packages, 'package-lock.json')), versions(installed)];
  const { dependencies } = JSON.parse(readFileSync(join(packages, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies).every((name) => wanted(name) === there(name));
}

if (!upToDate()) {
  console.error('Installing routers (once, some 700 MB)…');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: packages,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}
process.env.TEST_ROUTERS = '1';
const { failed } = await runVitest(['test/federation', ...process.argv.slice(2)]);
process.exitCode = failed > 0 ? 1 : 0;
