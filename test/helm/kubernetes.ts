import { join, resolve } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './helm.ts';

/** Where the models of a group are that is not Kubernetes's own. */
const packages: Record<string, string> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
};

const modelOf = ({ apiVersion, kind }: Manifest) =>
  `${packages[apiVersion.split('/')[0]!] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;

/** Throws with what is wrong with a manifest by its schema: types, formats, what is missing. */
export async function assertValid(manifest: Manifest): Promise<void> {
  const module = (await import(modelOf(manifest))) as Record<string, new (data: unknown) => { validate(): void }>;
  new module[manifest.kind]!(manifest).validate();
}

/** What is wrong with manifests by their types, which know every field that there is: one line for each. */
export function unknownFields(manifests: Manifest[]): string[] {
  const file = resolve(import.meta.dirname, 'manifests.generated.ts');
  const text = manifests
    .map((manifest, i) => {
      const model = modelOf(manifest);
      return `import type { I${manifest.kind} as I${i} } from '${model}';\nexport const m${i}: I${i} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    resolve(name) === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ESNext) : read(name, ...rest);
  host.fileExists = (name) => resolve(name) === file || ts.sys.fileExists(name);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** The folder of files that the chart reads. */
export const chartFile = (name: string) => join(import.meta.dirname, '../../helm', name);
