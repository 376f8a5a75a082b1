import { builder } from '../builder.ts';
import type { Config } from '../config.ts';
import type { Method } from './viewer.ts';

export const LoginOptionsRef = builder.objectRef<Config>('LoginOptions').implement({
  description: 'How to log in here.',
  fields: (t) => ({
    methods: t.stringList({
      description: 'The proofs that are taken: `github-at`, `github-oidc`, `oidc`, `dns`, `http` or `none`.',
      resolve: methodsOf,
    }),
    githubUrl: t.string({
      description: 'The GitHub, or GitHub Enterprise, whose accounts log in.',
      resolve: ({ github }) => github.url,
    }),
    githubClientId: t.string({
      nullable: true,
      description: "The registry's app at GitHub, for the device flow; null when it has none.",
      resolve: ({ github }) => github.clientId,
    }),
  }),
});

function methodsOf({ oidc, anonymousAuth }: Config): Method[] {
  return [
    'github-at',
    'github-oidc',
    ...(oidc ? ['oidc' as const] : []),
    'dns',
    'http',
    ...(anonymousAuth ? ['none' as const] : []),
  ];
}
