import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

/** The chart. */
export const chart = join(root, 'helm');

/** A Kubernetes that the chart is for; a helm that go has built would take itself for one of 2020. */
const KUBERNETES = ['--kube-version', '1.34.0'];

/** What Kubernetes is given. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  // Tests look into them freely.
  [field: string]: ReturnType<typeof JSON.parse>;
}

/** Where `helm` is: on the PATH or where `go install` puts it; null: nowhere. */
export function findHelm(): string | null {
  const { PATH = '', GOBIN, GOPATH = join(homedir(), 'go') } = process.env;
  const folders = [...PATH.split(delimiter), GOBIN ?? '', join(GOPATH, 'bin')];
  return folders.map((folder) => join(folder, 'helm')).find((file) => existsSync(file)) ?? null;
}

/** The shapes that the chart is tried in: helm/ci/<shape>-values.yaml. */
export const shapes = readdirSync(join(chart, 'ci'))
  .flatMap((file) => /^(.+)-values\.yaml$/.exec(file)?.[1] ?? [])
  .sort();

/** Runs helm; gives what it wrote, to either place. */
export function helm(...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(findHelm()!, args, { encoding: 'utf8', maxBuffer: 1e8 });
  return { code: status, output: stdout + stderr };
}

/** `helm lint` of a shape. */
export const lint = (shape: string) => helm('lint', chart, '--strict', ...KUBERNETES, ...valuesOf(shape));

/** What the chart makes of a shape and of values beside it. */
export function render(shape: string, values: Record<string, unknown> = {}): Manifest[] {
  const { code, output } = tryRender(shape, values);
  if (code !== 0) throw new Error(output);
  return parseAllDocuments(output).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

/** The same, also where it fails. */
export function tryRender(shape: string, values: Record<string, unknown> = {}) {
  const more = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`]);
  return helm('template', 'trial', chart, ...KUBERNETES, ...valuesOf(shape), ...more);
}

const valuesOf = (shape: string) => ['--values', join(chart, 'ci', `${shape}-values.yaml`)];

/** The one of a kind, and of a name that ends so. */
export function find(manifests: Manifest[], kind: string, ending = ''): Manifest {
  const [found, ...others] = manifests.filter((one) => one.kind === kind && one.metadata.name.endsWith(ending));
  if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} of ${kind} …${ending}`);
  return found;
}
