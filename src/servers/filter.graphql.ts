import { builder } from '../builder.ts';
import { TransportTypeRef } from './document.graphql.ts';

export const ServerStatusRef = builder.enumType('ServerStatus', {
  description: 'Whether a version should be used.',
  values: {
    ACTIVE: { value: 'active', description: 'In use.' },
    DEPRECATED: { value: 'deprecated', description: 'Still there, but not recommended any more.' },
    DELETED: { value: 'deleted', description: 'Withdrawn; hidden unless asked for.' },
  } as const,
});

const DeliveryRef = builder.enumType('Delivery', {
  description: 'How a server comes to its user.',
  values: {
    PACKAGE: { value: 'package', description: 'As a package to run.' },
    REMOTE: { value: 'remote', description: 'As an address to connect to.' },
  } as const,
});

const ServerOrderFieldRef = builder.enumType('ServerOrderField', {
  description: 'What servers are ordered by.',
  values: {
    RELEVANCE: {
      description:
        'How well the search fits, best first (DESC): names before titles before descriptions. Without a search, as NAME.',
    },
    NAME: { description: 'The name, a to z (ASC) when no direction is given.' },
    PUBLISHED_AT: {
      description: 'When the latest version was published, newest first (DESC) when no direction is given.',
    },
    UPDATED_AT: { description: 'When any version last changed, newest first (DESC) when no direction is given.' },
  } as const,
});

const OrderDirectionRef = builder.enumType('OrderDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { description: 'Smallest or oldest first.' },
    DESC: { description: 'Greatest, newest or best first.' },
  } as const,
});

export const ServerOrderRef = builder.inputType('ServerOrder', {
  description: 'An order of servers.',
  fields: (t) => ({
    field: t.field({ type: ServerOrderFieldRef, required: true, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirectionRef, description: "Which end first; the field's own way when left out." }),
  }),
});

const descriptions = {
  namespace: 'A namespace, `com.example`, or all below one, `com.example.*`.',
  status: 'Any of these; ACTIVE and DEPRECATED when left out.',
  registryType: 'Ships a package of any of these kinds: `npm`, `pypi`, `oci`, `nuget`, `mcpb`, `cargo`.',
  transport: 'Can be talked to in any of these ways.',
  delivery: 'Comes in any of these ways.',
  repositoryUrl: 'Has its source there; case, `.git` and a slash at the end do not count.',
  updatedSince:
    'Changed here, or updated at their registry, after this time, and a little before; brings deleted ones too unless `status` says otherwise.',
};

export const ServerFilterRef = builder.inputType('ServerFilter', {
  description: 'Which servers to list; all that is given must hold, of the latest version.',
  fields: (t) => ({
    search: t.string({
      description:
        'Words that must all occur in name, title or description, also as beginnings of words or with one typo.',
    }),
    namespace: t.string({ description: descriptions.namespace }),
    status: t.field({ type: [ServerStatusRef], description: descriptions.status }),
    registryType: t.stringList({ description: descriptions.registryType }),
    transport: t.field({ type: [TransportTypeRef], description: descriptions.transport }),
    delivery: t.field({ type: [DeliveryRef], description: descriptions.delivery }),
    repositoryUrl: t.string({ description: descriptions.repositoryUrl }),
    updatedSince: t.field({ type: 'DateTime', description: descriptions.updatedSince }),
  }),
});

export const VersionFilterRef = builder.inputType('VersionFilter', {
  description: 'Which versions to list; all that is given must hold.',
  fields: (t) => ({
    search: t.string({ description: 'Text that occurs as it stands in the name or the description, in any case.' }),
    version: t.string({ description: 'Exactly this version.' }),
    isLatest: t.boolean({ description: 'Only the latest version of each server, or only the others.' }),
    namespace: t.string({ description: descriptions.namespace }),
    status: t.field({ type: [ServerStatusRef], description: descriptions.status }),
    registryType: t.stringList({ description: descriptions.registryType }),
    transport: t.field({ type: [TransportTypeRef], description: descriptions.transport }),
    delivery: t.field({ type: [DeliveryRef], description: descriptions.delivery }),
    repositoryUrl: t.string({ description: descriptions.repositoryUrl }),
    updatedSince: t.field({ type: 'DateTime', description: descriptions.updatedSince }),
  }),
});
