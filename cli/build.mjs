// Bundles the program and all that it needs into dist/, with their licences: what is installed has no dependencies.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = dirname(fileURLToPath(import.meta.url));
const dir = join(folder, 'dist');

const bundle = await rolldown({ input: join(folder, 'main.ts'), cwd: folder, platform: 'node' });
rmSync(dir, { recursive: true, force: true });
const options = { dir, format: 'esm', minify: true, entryFileNames: 'main.js', chunkFileNames: '[name].js' };
const { output } = await bundle.write(options);
await bundle.close();
chmodSync(join(dir, 'main.js'), 0o755);
writeFileSync(join(dir, 'LICENSES.txt'), licencesOf(output.flatMap((chunk) => chunk.moduleIds ?? [])));

/** The licences of the packages that these modules are of. */
function licencesOf(modules) {
  const packages = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  return [...packages].sort().map(licenceOf).join('\n');
}

function licenceOf(home) {
  const { name, version, license } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const file = readdirSync(home).find((one) => /^licen[sc]e/i.test(one));
  const text = file ? readFileSync(join(home, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n`;
}
