import { builder } from '../builder.ts';
import { resultType, viewerErrors } from '../results.graphql.ts';
import { setTrustedPublisher } from './trusted-publishers.ts';

const TrustedPublisherInput = builder.inputType('TrustedPublisherInput', {
  description: 'A workflow of GitHub Actions.',
  fields: (t) => ({
    repository: t.string({ required: true, description: '`owner/name`' }),
    workflow: t.string({ required: true, description: 'Its file in .github/workflows: `publish.yml`.' }),
    environment: t.string({ description: 'The environment that it must run in; any when left out.' }),
  }),
});

const SetTrustedPublisherInput = builder.inputType('SetTrustedPublisherInput', {
  description: 'A server, published or not yet, and the workflow that may publish it.',
  fields: (t) => ({
    name: t.string({ required: true, description: "The server's name." }),
    publisher: t.field({
      type: TrustedPublisherInput,
      description: "The only workflow that may; null lets any workflow of the owner's.",
    }),
  }),
});

const SetTrustedPublisherPayloadRef = builder.objectRef<{ name: string }>('SetTrustedPublisherPayload').implement({
  description: 'The new rule counts from here on.',
  fields: (t) => ({ name: t.exposeString('name', { description: "The server's name." }) }),
});

const SetTrustedPublisherResult = resultType('SetTrustedPublisherResult', SetTrustedPublisherPayloadRef, [
  ...viewerErrors,
  'NamespaceForbidden',
  'UpstreamUnavailable',
]);

builder.mutationField('setTrustedPublisher', (t) =>
  t.field({
    type: SetTrustedPublisherResult.type,
    description:
      'Names the only workflow that may publish a server by `exchangeGithubOidcToken`; people are not affected.',
    args: { input: t.arg({ type: SetTrustedPublisherInput, required: true, description: 'Server and workflow.' }) },
    resolve: (_root, { input: { name, publisher } }, context) => {
      const workflow = publisher ? { ...publisher, environment: publisher.environment ?? null } : null;
      return SetTrustedPublisherResult.settle(setTrustedPublisher(context, name, workflow).then((name) => ({ name })));
    },
  }),
);
