import { readFileSync } from 'node:fs';

export interface Input {
  name?: string;
  type?: string;
  valueHint?: string;
  description?: string;
  value?: string;
  default?: string;
  format?: string;
  placeholder?: string;
  choices?: string[];
  isRequired?: boolean;
  isSecret?: boolean;
  isRepeated?: boolean;
  variables?: Record<string, Input>;
}

export interface Transport {
  type: string;
  url?: string;
  headers?: Input[];
  variables?: Record<string, Input>;
}

export interface SamplePackage {
  registryType: string;
  identifier: string;
  version?: string;
  fileSha256?: string;
  transport: Transport;
  runtimeArguments?: Input[];
  packageArguments?: Input[];
  environmentVariables?: Input[];
}

export interface Server {
  $schema: string;
  name: string;
  version: string;
  description: string;
  title?: string;
  websiteUrl?: string;
  repository?: { url: string; source: string; id?: string; subfolder?: string };
  icons?: { src: string; mimeType?: string; sizes?: string[]; theme?: string }[];
  packages?: SamplePackage[];
  remotes?: Transport[];
  _meta?: Record<string, object>;
}

export interface Official {
  status: string;
  statusMessage?: string;
  statusChangedAt?: string;
  publishedAt: string;
  updatedAt: string;
  isLatest: boolean;
}

export interface Sample {
  server: Server;
  official: Official;
}

const file = new URL('../../src/sync/samples.jsonl', import.meta.url);

/** The lines of the sample data as they stand in the file, without the end of the last one. */
export function sampleLines(): string[] {
  return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
}

/** One line of the sample data, parsed; throws a SyntaxError when it is no JSON. */
export function readSample(line: string): Sample {
  const { server, _meta } = JSON.parse(line);
  return { server, official: _meta['io.modelcontextprotocol.registry/official'] };
}
