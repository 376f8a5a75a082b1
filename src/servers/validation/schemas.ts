import { z } from 'zod';
import { inputs, metaOf, packageOf, remoteTransport, schemaField, serverProperties } from './definitions.ts';
import { definition, properties } from './pointers.ts';
import type { SchemaVersion } from './schema-version.ts';

const made = new Map<SchemaVersion, z.ZodType>();

/** Our schema of a version, with every limit of the official one; made when it is first asked for. */
export function schemaOf(version: SchemaVersion): z.ZodType {
  const known = made.get(version);
  if (known) return known;
  const schema = makeSchema(version);
  made.set(version, schema);
  return schema;
}

function makeSchema(version: SchemaVersion): z.ZodType {
  const newer = version >= '2025-10-11';
  const pointer = newer ? '#/definitions/ServerDetail' : '#/definitions/ServerDetail/allOf/1';
  const inputsOf = inputs(version);
  const detail = properties(version, pointer, {
    $schema: schemaField(),
    packages: z.array(packageOf(version, inputsOf)).optional(),
    remotes: z.array(remoteTransport(version, inputsOf)).optional(),
    _meta: metaOf(version, pointer),
  });
  const whole = z.strictObject({ ...serverProperties(version), ...detail });
  return definition(newer ? '#/definitions/ServerDetail' : '#/definitions/Server', whole);
}
