import { aServer, type TestRecord } from '../app.ts';

const two = (i: number) => String(i).padStart(2, '0');
const kinds = ['npm', 'pypi', 'oci'];

/** A registry small enough to look through: 40 servers with up to three versions, of every status and kind of package. */
export const records: TestRecord[] = Array.from({ length: 40 }, (_, i) => i).flatMap((i): TestRecord[] => {
  const name = `com.example${i % 2 ? '.tools' : ''}/server-${two(i)}`;
  return Array.from({ length: 1 + (i % 3) }, (_, n): TestRecord => {
    const version = `${n + 1}.0.0`;
    const packages = Array.from({ length: i % 4 }, (_, p) => ({
      registryType: kinds[(i + p) % kinds.length],
      identifier: `package-${(i + p) % 10}`,
      version,
      transport: { type: 'stdio' },
    }));
    const more = {
      ...(i % 5 ? { title: `Server ${two(i)} ${version}` } : {}),
      ...(packages.length ? { packages } : {}),
    };
    const status = i === 7 ? 'deleted' : i === 8 && n === 2 ? 'deleted' : i === 9 ? 'deprecated' : 'active';
    return { server: aServer(name, version, more), status };
  });
});
