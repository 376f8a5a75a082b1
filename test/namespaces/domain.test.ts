import { describe, expect, test } from 'vitest';
import { covers, domainOfNamespace, parseDomain } from '../../src/namespaces/domain.ts';
import { githubNamespace, isPublicSuffix, reservedFor } from '../../src/namespaces/reserved.ts';

describe('a domain', () => {
  test.each([
    ['example.com', 'example.com', 'com.example', 'example.com'],
    ['  Example.COM.\n', 'example.com', 'com.example', 'example.com'],
    ['a.b.example.co.uk', 'a.b.example.co.uk', 'uk.co.example.b.a', 'example.co.uk'],
    ['bücher.example', 'xn--bcher-kva.example', 'example.xn--bcher-kva', 'xn--bcher-kva.example'],
    ['BÜCHER。Example', 'xn--bcher-kva.example', 'example.xn--bcher-kva', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example', 'example.xn--bcher-kva', 'xn--bcher-kva.example'],
    ['faß.de', 'xn--fa-hia.de', 'de.xn--fa-hia', 'xn--fa-hia.de'],
    ['ｅｘａｍｐｌｅ.com', 'example.com', 'com.example', 'example.com'],
    ['firma.公司.cn', 'firma.xn--55qx5d.cn', 'cn.xn--55qx5d.firma', 'firma.xn--55qx5d.cn'],
    ['www.ck', 'www.ck', 'ck.www', 'www.ck'],
    ['shop.vercel.app', 'shop.vercel.app', 'app.vercel.shop', 'shop.vercel.app'],
    ['github.com', 'github.com', 'com.github', 'github.com'],
  ])('%j is %s, for %s', (text, name, namespaceKey, registrable) => {
    expect(parseDomain(text)).toEqual({ name, namespaceKey, registrable });
    expect(domainOfNamespace(namespaceKey)).toBe(name);
  });

  const bare = /^invalid domain format: pass the bare domain, such as example\.com, without https:\/\/ or a path\.$/;
  const address = /^invalid domain format: an IP address is not a domain\.$/;
  const shape =
    /^invalid domain format: it has at least two labels of letters, digits and hyphens, such as example\.com\.$/;
  const suffix = /^\S+ is a public suffix, under which anyone can register, so it belongs to nobody\.$/;
  const github = /^\S+ can not be proved: names under io\.github\.\* come by a GitHub login\.$/;
  const own = /^\S+ can not be proved: it is reserved for the registry itself\.$/;
  const refused: [RegExp, string[]][] = [
    [
      bare,
      ['https://example.com', 'example.com/', 'example.com:443', 'me@example.com', 'example.com?', 'example.com#a'],
    ],
    [bare, ['exa mple.com', '%65xample.com', 'example.com\\', '::1', '[::1]']],
    [address, ['127.0.0.1', '127.0.0.1.', '127.1', '0x7f.1', '0177.0.0.1', '１２７.０.０.１']],
    [/^invalid domain format: /, ['1.2.3.4.5', 'example.0x1', 'example.42']],
    [
      shape,
      ['', '.', 'com', 'localhost', 'example..com', '.example.com', 'example.com..', '-a.com', 'a-.com', 'a_b.com'],
    ],
    [shape, ['*.example.com', 'example.com\0', '_mcp-registry.example.com', `${'a'.repeat(64)}.com`]],
    [/^invalid domain format: it is longer than 253 characters\.$/, [`${'a.'.repeat(126)}com`]],
    [suffix, ['co.uk', 'com.au', 'foo.ck', '公司.cn', 'XN--55QX5D.cn']],
    [suffix, ['github.io', 'vercel.app', 's3.amazonaws.com', 'blogspot.com', 'herokuapp.com']],
    [github, ['alice.github.io', 'Alice.GitHub.IO.', 'blog.alice.github.io', 'ａlice.github.io']],
    [own, ['modelcontextprotocol.io', 'anonymous.modelcontextprotocol.io', 'a.b.modelcontextprotocol.io']],
  ];
  test.each(refused.flatMap(([sentence, texts]) => texts.map((text) => ({ text, sentence }))))(
    '$text is none that can be proved',
    ({ text, sentence }) => {
      expect(() => parseDomain(text)).toThrow(sentence);
      expect(() => parseDomain(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    },
  );
});

describe('what a proof covers', () => {
  test.each([
    ['example.com', 'com.example', true],
    ['example.com', 'com.example.team', true],
    ['example.com', 'com.example.team.a.b', true],
    ['example.com', 'com.example2', false],
    ['example.com', 'com.example-team', false],
    ['example.com', 'com', false],
    ['team.example.com', 'com.example', false],
    ['team.example.com', 'com.example.team.a', true],
    ['team.example.com', 'com.example.teams', false],
    ['amazonaws.com', 'com.amazonaws.docs', true],
    ['amazonaws.com', 'com.amazonaws.s3', false],
    ['amazonaws.com', 'com.amazonaws.s3.bucket', false],
    ['amazonaws.com', 'com.amazonaws.s3.bucket.below', false],
    ['bücher.example', 'example.xn--bcher-kva.laden', true],
  ])('%s with all below it, %s: %s', (domain, namespaceKey, covered) => {
    expect(covers(parseDomain(domain), namespaceKey, true)).toBe(covered);
  });

  test('without what is below it, the domain alone', () => {
    expect(covers(parseDomain('example.com'), 'com.example', false)).toBe(true);
    expect(covers(parseDomain('example.com'), 'com.example.team', false)).toBe(false);
  });
});

describe('what is reserved', () => {
  test.each([
    ['io.github.alice', 'github'],
    ['io.github.alice.blog', 'github'],
    ['io.github', 'public-suffix'],
    ['io.githubber.alice', null],
    ['io.modelcontextprotocol', 'registry'],
    ['io.modelcontextprotocol.anonymous', 'anonymous'],
    ['io.modelcontextprotocol.anonymous.below', 'registry'],
    ['io.modelcontextprotocols', null],
    ['com', 'public-suffix'],
    ['uk.co', 'public-suffix'],
    ['app.vercel', 'public-suffix'],
    ['app.vercel.shop', null],
    ['com.example', null],
  ])('%s: %s', (namespaceKey, reservation) => expect(reservedFor(namespaceKey)).toBe(reservation));

  test.each([
    ['co.uk', true],
    ['example.co.uk', false],
    ['github.io', true],
    ['alice.github.io', false],
  ])('anyone can register below %s: %s', (domain, anyone) => expect(isPublicSuffix(domain)).toBe(anyone));

  test.each([
    ['Alice-1', { name: 'io.github.Alice-1', key: 'io.github.alice-1' }],
    ['a'.repeat(39), { name: `io.github.${'a'.repeat(39)}`, key: `io.github.${'a'.repeat(39)}` }],
    ['a'.repeat(40), null],
    ['alice_acme', null],
    ['-alice', null],
    ['alice-', null],
    ['alice--acme', null],
    ['alice.acme', null],
    ['alicе', null],
    ['', null],
  ])("the namespace of GitHub's %s", (login, namespace) => expect(githubNamespace(login)).toEqual(namespace));
});
