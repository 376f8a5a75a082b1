import { spawnSync } from 'node:child_process';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { publicSchema } from '../../../src/schema.ts';

/** Every part of a schema that a reader of it meets, by its coordinate, with its description. */
function parts(): [string, string | null | undefined][] {
  const types = Object.values(publicSchema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  return types.flatMap((type): [string, string | null | undefined][] => {
    const own: [string, string | null | undefined][] = [[type.name, type.description]];
    if (isEnumType(type)) {
      return [
        ...own,
        ...type.getValues().map((value) => [`${type.name}.${value.name}`, value.description] as [string, string]),
      ];
    }
    if (isInputObjectType(type)) {
      return [
        ...own,
        ...Object.values(type.getFields()).map(
          (field) => [`${type.name}.${field.name}`, field.description] as [string, string],
        ),
      ];
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return own;
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const name = `${type.name}.${field.name}`;
      return [[name, field.description], ...field.args.map((arg) => [`${name}(${arg.name}:)`, arg.description])] as [
        string,
        string,
      ][];
    });
    return [...own, ...fields];
  });
}

describe('the public schema', () => {
  test('describes every type, field, argument, enum value and input field in a sentence', () => {
    expect(parts().length).toBeGreaterThan(200);
    const bare = parts().filter(([, description]) => !/^\S[^]*[.!?`)]$/.test(description?.trim() ?? ''));
    expect(bare).toEqual([]);
  });

  test('is schema.graphql', () => {
    const { status, stderr } = spawnSync(process.execPath, ['src/schema.print.ts', '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, 60_000);

  test('has every query of the contract', () => {
    const fields = Object.keys(publicSchema.getQueryType()!.getFields());
    expect(fields).toEqual(
      expect.arrayContaining([
        'changes',
        'namespace',
        'node',
        'nodes',
        'package',
        'registry',
        'server',
        'serverVersion',
        'serverVersions',
        'servers',
      ]),
    );
  });

  test('has nothing of the subgraph', () => {
    const types = Object.keys(publicSchema.getTypeMap());
    expect(types.filter((name) => /^_(Entity|Service|Any)$/.test(name))).toEqual([]);
    expect(Object.keys(publicSchema.getQueryType()!.getFields()).filter((name) => name.startsWith('_'))).toEqual([]);
  });

  test('has the orders and the filters of the contract', () => {
    const valuesOf = (name: string) => {
      const type = publicSchema.getType(name);
      return isEnumType(type)
        ? type
            .getValues()
            .map((value) => value.name)
            .toSorted()
        : [];
    };
    expect(valuesOf('ServerOrderField')).toEqual(['NAME', 'PUBLISHED_AT', 'RELEVANCE', 'UPDATED_AT']);
    expect(valuesOf('TransportType')).toEqual(['SSE', 'STDIO', 'STREAMABLE_HTTP']);
    expect(valuesOf('Delivery')).toEqual(['PACKAGE', 'REMOTE']);
    expect(valuesOf('ServerStatus')).toEqual(['ACTIVE', 'DELETED', 'DEPRECATED']);
    expect(valuesOf('ChangeKind')).toEqual(['EDITED', 'LATEST_CHANGED', 'PUBLISHED', 'STATUS_CHANGED']);
    const filter = publicSchema.getType('ServerFilter');
    expect(isInputObjectType(filter) && Object.keys(filter.getFields()).toSorted()).toEqual([
      'delivery',
      'namespace',
      'registryType',
      'repositoryUrl',
      'search',
      'status',
      'transport',
      'updatedSince',
    ]);
  });
});
