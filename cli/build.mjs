// Bundles the program and all that it needs into dist/: what is installed has no dependencies.
import { chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = dirname(fileURLToPath(import.meta.url));
const dir = join(folder, 'dist');

const bundle = await rolldown({ input: join(folder, 'main.ts'), cwd: folder, platform: 'node' });
rmSync(dir, { recursive: true, force: true });
await bundle.write({ dir, format: 'esm', minify: true, entryFileNames: 'main.js', chunkFileNames: '[name].js' });
await bundle.close();
chmodSync(join(dir, 'main.js'), 0o755);
