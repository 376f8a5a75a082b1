// Types each operation of the client from the document that stands in its command, and lists them all for the server:
// schema.graphql and cli/**/*.ts → cli/gql/ and cli/operations.json. `--check` only says what is not up to date.
import { generate } from '@graphql-codegen/cli';
import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const root = import.meta.dirname;
const gql = resolve(root, 'cli/gql');
/** Persisted operations, `sha256:<hex of the text>` → text: what the server trusts at start. */
const manifest = resolve(root, 'cli/operations.json');

const files: { filename: string; content: string }[] = await generate(
  {
    cwd: root,
    schema: resolve(root, 'schema.graphql'),
    documents: [resolve(root, 'cli/**/*.ts'), `!${gql}/**`, `!${resolve(root, 'cli/dist')}/**`],
    silent: true,
    errorsOnly: true,
    generates: {
      [`${gql}/`]: {
        preset: 'client',
        presetConfig: {
          fragmentMasking: false,
          skipIndexFile: true,
          persistedDocuments: {
            mode: 'replaceDocumentWithHash',
            hashPropertyName: 'documentId',
            hashAlgorithm: 'sha256',
          },
        },
        config: {
          useTypeImports: true,
          importExtension: '.ts',
          enumType: 'string-literal',
          scalars: { DateTime: 'string', JSON: 'unknown', Revision: 'number' },
        },
      },
    },
  },
  false,
);

for (const { filename, content } of files) {
  const file = filename.endsWith('persisted-documents.json') ? manifest : filename;
  const text = content.endsWith('\n') ? content : `${content}\n`;
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(
      `${relative(root, file)} is not what the client's documents say: run \`npm run generate\` and commit it.`,
    );
    process.exitCode = 1;
  }
}
