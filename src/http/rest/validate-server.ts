import { z } from 'zod';
import { RegistryError } from '../../errors.ts';
import { isNoObject, validateDocument } from '../../servers/validation/validate.ts';
import { operation } from './operation.ts';
import { ServerJson } from './server-json.ts';

const ValidationIssue = z
  .object({
    path: z.string().meta({ description: 'Where it is.', examples: ['packages[0].identifier'] }),
    type: z.enum(['json', 'schema', 'semantic', 'linter']).meta({ description: 'What it breaks.' }),
    message: z.string().meta({ description: 'What is wrong, and what is allowed.' }),
    severity: z.enum(['error', 'warning', 'info']).meta({ description: 'Only errors make a document invalid.' }),
    reference: z.string().meta({ description: 'The rule: a name, or a place in the JSON schema. It never changes.' }),
  })
  .meta({ id: 'ValidationIssue', description: 'One thing that is wrong with a document, or could be better.' });

const ValidationReport = z
  .object({
    valid: z.boolean().meta({ description: 'Whether it could be published: there is no error.' }),
    issues: z.array(ValidationIssue).meta({ description: 'All of them at once, errors first.' }),
  })
  .meta({ id: 'ValidationReport', description: 'What validation says of a document.' });

/** Says everything that is wrong with a server.json, and keeps nothing. */
export const validate = operation({
  described: {
    id: 'validate-server',
    tag: 'servers',
    summary: 'Validate a server.json',
    description:
      'Checks it as publishing does, and tells all issues at once; nothing is kept. It asks nobody who owns a package.',
    answer: ValidationReport,
    problems: [400, 422],
  },
  body: ServerJson,
  raw: true,
  handle: (_context, { text }) => {
    const { valid, issues } = validateDocument(text);
    if (isNoObject({ valid, issues })) {
      const errors = issues.map(({ message, path }) => ({ message, location: path === '' ? 'body' : `body.${path}` }));
      throw new RegistryError('UNPROCESSABLE', 'validation failed', { errors });
    }
    return { body: JSON.stringify({ valid, issues }) };
  },
});
