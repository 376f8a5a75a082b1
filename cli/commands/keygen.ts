import { writeFileSync } from 'node:fs';
import { defineCommand, value } from '../command.ts';
import { usage } from '../errors.ts';
import { algorithms, type Algorithm } from '../login/algorithms.ts';

export const keygen = defineCommand({
  name: 'keygen',
  summary: 'make the key with which a domain logs in',
  description:
    'Makes a key pair: the private key goes to a file that only you can read, the public one is shown as the record that your domain publishes. Never overwrites a file.',
  parameters: {
    out: value('file', 'where the private key goes; mcp-key.pem when left out'),
    algorithm: value('name', 'ed25519 when left out', algorithms),
  },
  examples: ['mcp keygen', 'mcp keygen --algorithm ecdsap384 --out ~/.keys/example.com.pem'],
  async run({ output }, { out = 'mcp-key.pem', algorithm = 'ed25519' }) {
    const { generateKey } = await import('../login/key.ts');
    const { pem, record } = generateKey(algorithm as Algorithm);
    try {
      writeFileSync(out, pem, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw usage(
        code === 'EEXIST'
          ? `${out} is there already, and a key is never overwritten: name another with --out.`
          : `${out} can not be written (${message}).`,
      );
    }
    output.note(`The private key is in ${out}: keep it secret, and out of version control.`);
    output.note('Publish this as a TXT record at your domain, or as https://<domain>/.well-known/mcp-registry-auth:');
    return { value: { file: out, algorithm, record }, lines: [record] };
  },
});
