import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createUser, type User } from './mcp.ts';

/** Makes the folder a clone of a repository. */
function clone(user: User, url: string) {
  for (const args of [
    ['init', '-q'],
    ['remote', 'add', 'origin', url],
  ]) {
    execFileSync('git', args, { cwd: user.folder });
  }
}

/** Runs `init` and gives what it wrote. */
async function init(user: User, ...args: string[]) {
  const { code, stderr } = await user.mcp('init', ...args);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Wrote server.json')]);
  return { document: JSON.parse(user.read('server.json')), stderr };
}

describe('init', () => {
  test('reads package.json and the git remote', async () => {
    const user = createUser();
    clone(user, 'git@github.com:alice/weather-mcp.git');
    user.write('package.json', { name: '@alice/weather', version: '1.2.3', description: 'Tells the weather' });
    const { document, stderr } = await init(user);
    expect(document).toEqual({
      $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
      name: 'io.github.alice/weather',
      description: 'Tells the weather',
      repository: { url: 'https://github.com/alice/weather-mcp', source: 'github' },
      version: '1.2.3',
      packages: [{ registryType: 'npm', identifier: '@alice/weather', version: '1.2.3', transport: { type: 'stdio' } }],
    });
    expect(stderr).toContain('Add "mcpName": "io.github.alice/weather" to package.json');
  });

  test('takes the name that package.json gives, and knows a folder of a monorepo', async () => {
    const user = createUser();
    clone(user, 'https://github.com/acme/servers');
    const inside = { ...user, folder: join(user.folder, 'packages/rain') };
    user.write('packages/rain/package.json', {
      name: 'rain',
      version: '2.0.0',
      description: 'Rain',
      mcpName: 'com.acme/rain',
      homepage: 'https://acme.example',
    });
    execFileSync(process.execPath, [(await import('./mcp.ts')).PROGRAM, 'init', '-q'], {
      cwd: inside.folder,
      env: user.env,
    });
    expect(JSON.parse(user.read('packages/rain/server.json'))).toMatchObject({
      name: 'com.acme/rain',
      repository: { url: 'https://github.com/acme/servers', source: 'github', subfolder: 'packages/rain' },
      websiteUrl: 'https://acme.example',
    });
  });

  test.each([
    [
      'pyproject.toml',
      '[project]\nname = "weather-py" # the name\nversion = \'0.3.0\'\ndescription = "The \\"weather\\""\n\n[project.urls]\nHomepage = "https://alice.example"\n',
      { registryType: 'pypi', identifier: 'weather-py', version: '0.3.0' },
      { description: 'The "weather"', websiteUrl: 'https://alice.example', version: '0.3.0' },
    ],
    [
      'pyproject.toml',
      '[tool.poetry]\nname = "poetic"\nversion = "1.0.0"\ndescription = "Verse"\n',
      { registryType: 'pypi', identifier: 'poetic', version: '1.0.0' },
      { description: 'Verse' },
    ],
    [
      'Cargo.toml',
      '[package]\nname = "weather-rs"\nversion = "0.1.0"\ndescription = "Rust and rain"\n[dependencies]\nserde = { version = "1" }\n',
      { registryType: 'cargo', identifier: 'weather-rs', version: '0.1.0' },
      { description: 'Rust and rain' },
    ],
    [
      'Weather.csproj',
      '<Project><PropertyGroup><PackageId>Weather.Mcp</PackageId><Version>4.0.0</Version><Description>Sharp weather</Description></PropertyGroup></Project>',
      { registryType: 'nuget', identifier: 'Weather.Mcp', version: '4.0.0' },
      { description: 'Sharp weather' },
    ],
  ])('reads %s', async (file, source, shipped, facts) => {
    const user = createUser();
    user.write(file, source);
    user.write('README.md', '<!-- mcp-name: com.example/weather -->');
    const { document } = await init(user);
    expect(document).toMatchObject({ name: 'com.example/weather', packages: [shipped], ...facts });
  });

  test('reads the labels of a Dockerfile', async () => {
    const user = createUser();
    user.write(
      'Dockerfile',
      'FROM scratch\nLABEL io.modelcontextprotocol.server.name="com.example/box" \\\n  org.opencontainers.image.version=5.0.0 org.opencontainers.image.description="In a box"\n',
    );
    const { document } = await init(user);
    expect(document).toMatchObject({ name: 'com.example/box', version: '5.0.0', description: 'In a box' });
  });

  test('what it writes is valid offline, and nothing else is left', async () => {
    const user = createUser();
    await init(
      user,
      '--name',
      'com.example/rain',
      '--description',
      'x'.repeat(300),
      '--remote',
      'https://a.example/mcp',
    );
    expect((await user.mcp('validate', '--offline')).code).toBe(0);
    expect(JSON.parse(user.read('server.json')).description).toHaveLength(100);
    expect(readdirSync(user.folder)).toEqual(['server.json']);
  });

  test('overwrites nothing unasked', async () => {
    const user = createUser();
    user.write('server.json', 'mine');
    const args = ['init', '--name', 'com.example/rain', '--description', 'A'];
    const refused = await user.mcp(...args, '--json');
    expect([refused.code, refused.json().error.message]).toEqual([2, expect.stringContaining('--force')]);
    expect(user.read('server.json')).toBe('mine');
    expect((await user.mcp(...args, '--force', '--json')).json()).toMatchObject({
      document: { name: 'com.example/rain' },
    });
  });

  test('says what is missing where there is nobody to ask', async () => {
    const user = createUser();
    expect((await user.mcp('init')).stderr).toContain('Give it with --name.');
    expect((await user.mcp('init', '--name', 'com.example/rain')).stderr).toContain('Give it with --description.');
    expect((await user.mcp('init', '--name', 'rain', '--description', 'A')).stderr).toContain('Write it like');
    expect(readdirSync(user.folder)).toEqual([]);
  });

  test.each(['{', '[]', 'null', '{"name":7,"version":{},"repository":[]}'])(
    'is not troubled by package.json %s',
    async (text) => {
      const user = createUser();
      user.write('package.json', text);
      await init(user, '--name', 'com.example/rain', '--description', 'A');
    },
  );
});
