import { expect, test } from 'vitest';
import { createTestApp } from '../app.ts';

/** What a registry with these settings says of logging in. */
async function loginOf(settings: Record<string, string>) {
  const prefixed = Object.entries(settings).map(([name, value]) => [`MCP_REGISTRY_${name}`, value]);
  const app = await createTestApp(Object.fromEntries(prefixed));
  const query = '{ registry { minimumClientVersion login { methods githubUrl githubClientId } } }';
  const { data } = await app.graphql(query);
  await app.close();
  expect(data.registry.minimumClientVersion).toMatch(/^\d+\.\d+\.\d+$/);
  return data.registry.login;
}

test('tells how to log in where nothing is configured', async () => {
  expect(await loginOf({})).toEqual({
    methods: ['github-at', 'github-oidc', 'dns', 'http'],
    githubUrl: 'https://github.com',
    githubClientId: null,
  });
});

test('tells of what is configured: another GitHub, its app, an issuer, trials', async () => {
  const settings = {
    GITHUB_URL: 'https://github.example.com',
    GITHUB_CLIENT_ID: 'Iv1.registry',
    OIDC_ISSUER: 'https://accounts.example.com',
    OIDC_CLIENT_ID: 'registry',
    ENABLE_ANONYMOUS_AUTH: 'true',
  };
  expect(await loginOf(settings)).toEqual({
    methods: ['github-at', 'github-oidc', 'oidc', 'dns', 'http', 'none'],
    githubUrl: 'https://github.example.com',
    githubClientId: 'Iv1.registry',
  });
});
