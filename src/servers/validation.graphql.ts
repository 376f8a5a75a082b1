import { builder } from '../builder.ts';
import { jsonText } from '../json-source.ts';
import { validateDocument, type ValidationIssue, type ValidationReport } from './validation/validate.ts';

/** A document takes milliseconds; in fields, as all costs are. */
const VALIDATION_COST = 10_000;

const IssueTypeRef = builder.enumType('ValidationIssueType', {
  description: 'What an issue breaks.',
  values: {
    JSON: { value: 'json', description: 'The text itself.' },
    SCHEMA: { value: 'schema', description: 'The JSON schema that the document names.' },
    SEMANTIC: { value: 'semantic', description: 'A rule that no schema can say.' },
    LINTER: { value: 'linter', description: 'Good custom.' },
  } as const,
});

const SeverityRef = builder.enumType('ValidationSeverity', {
  description: 'How bad an issue is.',
  values: {
    ERROR: { value: 'error', description: 'The document can not be published.' },
    WARNING: { value: 'warning', description: 'It can, but this is most often a slip.' },
    INFO: { value: 'info', description: 'Good to know.' },
  } as const,
});

/** An issue, which publishing answers too. */
export const ValidationIssueRef = builder.objectRef<ValidationIssue>('ValidationIssue').implement({
  description: 'One thing that is wrong with a document, or could be better.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is: `packages[0].identifier`.' }),
    type: t.field({ type: IssueTypeRef, description: 'What it breaks.', resolve: (issue) => issue.type }),
    message: t.exposeString('message', { description: 'What is wrong, and what is allowed.' }),
    severity: t.field({ type: SeverityRef, description: 'How bad it is.', resolve: (issue) => issue.severity }),
    reference: t.exposeString('reference', {
      description: 'The rule: a name, or a place in the JSON schema. It never changes.',
    }),
  }),
});

const ValidationReportRef = builder.objectRef<ValidationReport>('ValidationReport').implement({
  description: 'What validation says of a document.',
  fields: (t) => ({
    valid: t.exposeBoolean('valid', { description: 'Whether it could be published: there is no error.' }),
    issues: t.field({
      type: [ValidationIssueRef],
      description: 'All of them at once, errors first.',
      resolve: (report) => report.issues,
    }),
  }),
});

builder.queryField('validateServer', (t) =>
  t.field({
    type: ValidationReportRef,
    description: 'Checks a server.json as publishing does, and keeps nothing. It asks nobody who owns a package.',
    complexity: VALIDATION_COST,
    args: { document: t.arg({ type: 'JSON', required: true, description: 'server.json.' }) },
    resolve: (_root, { document }) => validateDocument(jsonText(document)),
  }),
);
