import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText, parseGraphqlBody } from '../src/json-source.ts';

const documentOf = (body: string) =>
  (parseGraphqlBody(body) as { variables: { input: { document: unknown } } }).variables;

describe('the text of a document among the variables', () => {
  test.each([
    ['spaces and order', '{ "b" : 1,\n "2": 0, "1":[ ] }'],
    ['numbers as they were spelled', '{"a":1.0,"b":1e2,"c":12345678901234567890}'],
    ['escapes', '{"\\u0061\\"":"\\\\\\u00e9"}'],
    ['names given twice', '{"a":1,"a":2}'],
    ['emptiness', '{}'],
  ])('keeps %s', (_what, document) => {
    const body = `{"query":"mutation","variables":{"n":[1,{"document":{}}],"input" : {"dryRun":true,"document": ${document} }}}`;
    expect(jsonText(documentOf(body).input.document)).toBe(document);
  });

  test('is found as a variable of its own too', () => {
    const { variables } = parseGraphqlBody('{"variables":{"document":{"a": 1.0}}}') as {
      variables: { document: unknown };
    };
    expect(jsonText(variables.document)).toBe('{"a": 1.0}');
  });

  test('of two with one name is the last, as it is parsed', () => {
    const body =
      '{"variables":{"input":{"document":{"a": 1}}},"variables":{"input":{"document":{"b": 1},"document":{"c": 1}}}}';
    expect(jsonText(documentOf(body).input.document)).toBe('{"c": 1}');
  });

  test('is written anew where it was not sent as JSON', () => {
    expect(jsonText({ a: [1, null] })).toBe('{"a":[1,null]}');
    expect(jsonText(undefined)).toBe('null');
  });

  test('is the text of whatever JSON there is around it', () => {
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (other, members, indent) => {
        const document = JSON.stringify(members, null, indent);
        const body = `{"other":${other},"variables":{"x":${other},"input":{"y":${other},"document":${document},"z":${other}}}}`;
        expect(jsonText(documentOf(body).input.document)).toBe(document);
      }),
    );
  });
});
