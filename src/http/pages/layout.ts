import { hash } from 'node:crypto';
import type { Answer } from '../rest/operation.ts';
import { html, type Html } from './html.ts';
import { style } from './style.ts';

/** Nothing is loaded, nothing runs: the one style is named by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** In one piece: a byte more and the hash is another. */
const styleElement: Html = { html: `<style>${style}</style>` };

const icon = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%232f6feb'/%3E%3Cpath d='M4 12V5l4 4 4-4v7' fill='none' stroke='white' stroke-width='1.8'/%3E%3C/svg%3E`;

/** A page with everything around it. */
export interface Page {
  title: string;
  /** What the search field holds. */
  search?: string;
  main: Html;
  status?: number;
  tags: string[];
}

/** Makes the answer of a page for people. */
export function answerPage({ title, search = '', main, status, tags }: Page): Answer {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="${{ html: icon }}" />
        ${styleElement}
      </head>
      <body>
        <header>
          <a class="home" href="/">MCP Registry</a>
          <form action="/" method="get" role="search">
            <input
              type="search"
              name="q"
              value="${search}"
              maxlength="256"
              placeholder="Search servers"
              aria-label="Search servers"
            />
            <button>Search</button>
          </form>
          <nav><a href="/docs">REST API</a> <a href="/graphql">GraphQL</a> <a href="/openapi.yaml">OpenAPI</a></nav>
        </header>
        <main>${main}</main>
      </body>
    </html> `;
  return {
    body: page.html,
    status,
    type: 'text/html; charset=utf-8',
    tags,
    headers: { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' },
  };
}
