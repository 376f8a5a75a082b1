import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const root = resolve(import.meta.dirname, '../..');

/** The Dockerfile's stages, each as its instructions on one line each. */
const stages = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .replace(/\\\n\s*/g, '')
  .split(/^(?=FROM )/m)
  .map((stage) => stage.split('\n').filter((line) => line && !line.startsWith('#')));

const last = stages.at(-1)!;

/** What an instruction of the last stage says. */
export const instruction = (name: string) =>
  last.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

/** The environment that the image sets. */
export const imageEnvironment = Object.fromEntries(
  instruction('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
);

/** The command of an instruction such as CMD, in its JSON form. */
export const commandOf = (name: string) => {
  const [line] = instruction(name);
  return JSON.parse(line!.slice(line!.indexOf('['))) as string[];
};

/** A folder that holds what the image holds in /app, installed as the Dockerfile installs it. */
export function makeImage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  chmodSync(folder, 0o755);
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    copyFileSync(join(root, file), join(folder, file));
  }
  install(folder);
  for (const line of instruction('COPY')) {
    const [to, ...from] = line
      .replace('--from=client /app/', '')
      .split(' ')
      .filter((word) => !word.startsWith('--from=packages') && !word.endsWith('/node_modules'))
      .reverse();
    for (const one of from) cpSync(join(root, one), join(folder, to === './' ? one : to!), { recursive: true });
  }
  // Ours may be where only its owner may look.
  copyFileSync(process.execPath, join(folder, 'node'));
  return folder;
}

function install(folder: string): void {
  const [line] = stages.find(([from]) => from!.endsWith(' AS packages'))!.filter((one) => one.startsWith('RUN npm ci'));
  const flags = /npm ci (.*?) &&/.exec(line!)![1]!.split(' ');
  try {
    execFileSync('npm', ['ci', ...flags, '--prefer-offline'], { cwd: folder, stdio: 'pipe', timeout: 120_000 });
  } catch {
    console.log('!!! npm can not be asked, so the image’s packages were copied as package-lock.json marks them. !!!');
    copyPackages(folder);
  }
}

function copyPackages(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; link?: boolean }>;
  };
  for (const [path, { dev, optional, devOptional, link }] of Object.entries(packages)) {
    if (!path.startsWith('node_modules/') || dev || optional || devOptional || link) continue;
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (file) => !file.slice(join(root, path).length).includes('/node_modules'),
    });
  }
}

/** Runs one of the image's commands in the folder, as somebody who may write nothing there. */
export function runInImage(folder: string, [program, ...args]: string[], env: Record<string, string>) {
  const nobody = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
  const child = spawn(program === 'node' ? join(folder, 'node') : program!, args, {
    cwd: folder,
    env: { ...imageEnvironment, ...env },
    ...nobody,
  });
  const ended = Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]).then(([stdout, stderr, code]) => ({ stdout, stderr, code }));
  return { child, ended };
}
