import { expect, test } from 'vitest';
import { html } from '../../../src/http/pages/html.ts';
import { apiPath, serverPath, webLink } from '../../../src/http/pages/links.ts';

test('what is put into a template is escaped for text and for attributes', () => {
  const hostile = `<script>"'&`;
  expect(html`<p title="${hostile}">${hostile}</p>`.html).toBe(
    '<p title="&lt;script&gt;&quot;&#39;&amp;">&lt;script&gt;&quot;&#39;&amp;</p>',
  );
});

test('templates, lists of them and numbers are put in as they are, nothing as nothing', () => {
  const items = [1, 2].map((n) => html`<li>${n}</li>`);
  expect(html`<p>${items}${null}${undefined}${false}${0}${''}</p>`.html).toBe('<p><li>1</li><li>2</li>0</p>');
});

test.each([
  ['https://example.com/a b?x="<y>', 'https://example.com/a%20b?x=%22%3Cy%3E'],
  ['HTTP://EXAMPLE.com', 'http://example.com/'],
  [' https://example.com/\n', 'https://example.com/'],
  ['https://example.com/{tenant}/mcp', 'https://example.com/%7Btenant%7D/mcp'],
])('%j is a link', (url, href) => {
  expect(webLink(url, 'x').html).toBe(
    `<a href="${href.replaceAll('"', '&quot;')}" rel="nofollow noopener"><bdi>x</bdi></a>`,
  );
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'file:///etc',
  '//a',
  'a',
  '',
])('%j is none', (url) => {
  expect(webLink(url, 'x').html).toBe('<bdi>x</bdi>');
});

test('addresses of servers are escaped where they have to be', () => {
  expect(serverPath('com.example/a b?#%')).toBe('/servers/com.example/a%20b%3F%23%25');
  expect(apiPath('com.example/a b')).toBe('/v0.1/servers/com.example%2Fa%20b/versions');
});
