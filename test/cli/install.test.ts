import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { installLines } from '../../cli/install.ts';

const lines = (document: object) =>
  Object.fromEntries(
    installLines('io.github.alice/weather', document).map(({ client, lines: [line] }) => [client.split(',')[0], line]),
  );

const stdio = { type: 'stdio' };

describe('install lines', () => {
  test.each([
    [
      { registryType: 'npm', identifier: '@alice/weather', version: '1.0.0' },
      'claude mcp add weather -- npx -y @alice/weather@1.0.0',
    ],
    [{ registryType: 'pypi', identifier: 'weather', version: '1.0.0' }, 'claude mcp add weather -- uvx weather@1.0.0'],
    [
      {
        registryType: 'oci',
        identifier: 'ghcr.io/alice/weather:1',
        environmentVariables: [{ name: 'KEY', isSecret: true }],
      },
      "claude mcp add weather --env 'KEY=<KEY>' -- docker run -i --rm -e KEY ghcr.io/alice/weather:1",
    ],
    [
      { registryType: 'nuget', identifier: 'Weather', version: '2.0.0' },
      'claude mcp add weather -- dnx Weather@2.0.0 --yes',
    ],
    [
      {
        registryType: 'npm',
        identifier: 'weather',
        packageArguments: [
          { type: 'positional', value: 'serve' },
          { type: 'named', name: '--city', isRequired: true, valueHint: 'city' },
          { type: 'named', name: '--debug', format: 'boolean' },
        ],
      },
      "claude mcp add weather -- npx -y weather serve --city '<city>'",
    ],
  ])('of %j', (one, line) => {
    expect(lines({ packages: [{ ...one, transport: stdio }] })['Claude Code']).toBe(line);
  });

  test('of a remote name its address and the headers that it wants', () => {
    const remotes = [{ type: 'streamable-http', url: 'https://a.example/mcp?x=1', headers: [{ name: 'X-Key' }] }];
    expect(lines({ remotes })).toEqual({
      'Claude Code': "claude mcp add --transport http weather 'https://a.example/mcp?x=1' --header 'X-Key: <X-Key>'",
      'VS Code': `code --add-mcp '{"name":"weather","type":"http","url":"https://a.example/mcp?x=1","headers":{"X-Key":"<X-Key>"}}'`,
      Cursor:
        '{"mcpServers":{"weather":{"type":"http","url":"https://a.example/mcp?x=1","headers":{"X-Key":"<X-Key>"}}}}',
    });
  });

  test.each(["a'; touch pwned; '", '$(touch pwned)', '`touch pwned`', 'a\ntouch pwned', '\u001b[2Ja', '--flag "x"'])(
    'are safe to paste whatever the document says: %j',
    (evil) => {
      const packages = [
        {
          registryType: 'npm',
          identifier: evil,
          version: evil,
          transport: stdio,
          environmentVariables: [{ name: evil }],
        },
      ];
      const found = installLines(`a/${evil}`, { packages });
      expect(found).toHaveLength(3);
      for (const { lines: all } of found.slice(0, 2)) {
        // Each word reaches the program as it is: nothing was run, nothing split.
        const script = `PATH=/nowhere; claude() { printf '%s\\n' "$#"; }; code() { claude "$@"; }; ${all.join('\n')}`;
        const words = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
        expect(words).toMatch(/^\d+\n$/);
      }
    },
  );

  test.each([null, {}, [], { packages: 7 }, { packages: [null] }, { remotes: [{ url: 'javascript:alert(1)' }] }])(
    'there are none of %j',
    (document) => expect(installLines('a/b', document)).toEqual([]),
  );
});
