import { builder } from '../builder.ts';
import { checkText } from '../input.ts';
import { findNamespace } from './namespaces.db.ts';
import { nameKey } from './server-name.ts';

/** The part of a server's name before the slash; its name says it all, so that a page of servers reads no namespace. */
export const NamespaceRef = builder.objectRef<{ name: string }>('Namespace').implement({
  description: "The part of a server's name before the slash: `io.github.alice` or a domain turned round.",
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As it was first published.' }),
  }),
});

builder.queryField('namespace', (t) =>
  t.field({
    type: NamespaceRef,
    nullable: true,
    description: 'A namespace by name, in any case; null when nothing was ever published under it.',
    args: { name: t.arg.string({ required: true, description: '`io.github.alice` or `com.example`.' }) },
    resolve: (_root, { name }, { app }) => findNamespace(app.db, nameKey(checkText(name, 'A namespace'))),
  }),
);
