import { TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql';
import { MAX_AGES } from '../cache-ages.ts';
import { publicTypes } from '../subgraph-directives.ts';

/** Says for how many seconds a router may keep an answer to a document; 0 is not at all. Documents are worked out once. */
export function createAges(schema: GraphQLSchema): (document: DocumentNode) => number {
  const shared = new Set([...publicTypes(schema)].map((type) => type.name));
  const known = new WeakMap<DocumentNode, number>();
  const read = (document: DocumentNode): number => {
    const ages: number[] = [];
    const info = new TypeInfo(schema);
    const Field = ({ name }: { name: { value: string } }) => {
      const type = info.getParentType()?.name ?? '';
      const root = type === 'Query';
      if (name.value === '__typename' || (root && name.value === '_entities')) return;
      const age = root ? MAX_AGES[`${type}.${name.value}`] : MAX_AGES[type];
      ages.push(age ?? (!root && shared.has(type) ? Infinity : 0));
    };
    visit(document, visitWithTypeInfo(info, { Field }));
    const least = Math.min(...ages);
    return Number.isFinite(least) ? least : 0;
  };
  return (document) => {
    const age = known.get(document) ?? read(document);
    known.set(document, age);
    return age;
  };
}
