import { z } from 'zod';
import type { ServerEntry } from '../../servers/entries.ts';
import { listServers, type List } from '../../servers/list.ts';
import { pageRequest } from '../../servers/page.ts';
import { readCounts, type Counts } from '../../servers/registry.db.ts';
import { LIST_TAG, serverTag } from '../../servers/cache-tags.ts';
import { operation } from '../rest/operation.ts';
import { html, type Html } from './html.ts';
import { answerPage } from './layout.ts';
import { serverPath } from './links.ts';

/** The page at `/`: what this is, and what was found or, without a search, what changed last. */
export const indexPage = operation({
  query: z.object({ q: z.string().max(256).optional(), after: z.string().optional() }),
  handle: async ({ reads, store }, { query: { q, after } }) => {
    const page = pageRequest({ first: 30, after });
    const order = q === undefined ? ({ field: 'UPDATED_AT' } as const) : null;
    const [counts, list] = await Promise.all([
      readCounts(reads.sql),
      listServers(reads.sql, page, { search: q }, order),
    ]);
    const servers = await store.servers(list.rows);
    return answerPage({
      title: q === undefined ? 'MCP Registry' : `${q}: MCP Registry`,
      search: q,
      tags: [LIST_TAG, ...servers.map((server) => serverTag(server.nameKey))],
      main: html`${q === undefined && after === undefined && introduction(counts)}
      ${q === undefined ? html`<h2>Recently updated</h2>` : html`<h1>Results for <bdi>${q}</bdi></h1>`}
      ${
        servers.length > 0
          ? html`<ul class="cards">
              ${servers.map(card)}
            </ul>`
          : html`<p>No server was found. Try fewer or other words.</p>`
      }
      ${nextPage(list, q)}`,
    });
  },
});

const introduction = ({ servers, versions, namespaces, revision }: Counts) =>
  html` <h1>MCP Registry</h1>
    <p>
      The servers of the <a href="https://modelcontextprotocol.io">Model Context Protocol</a> that anyone can look up:
      for programs by <a href="/graphql">GraphQL</a> and by <a href="/docs">REST</a>, for people here.
    </p>
    <ul class="counts">
      <li><b>${servers.toLocaleString('en')}</b> servers</li>
      <li><b>${versions.toLocaleString('en')}</b> versions</li>
      <li><b>${namespaces.toLocaleString('en')}</b> namespaces</li>
      <li>revision <b>${revision.toLocaleString('en')}</b></li>
    </ul>`;

const card = ({ name, status, head }: ServerEntry): Html =>
  html` <li class="card">
    <h3>
      <a href="${serverPath(name)}"><bdi>${head.views.title ?? name}</bdi></a>
    </h3>
    <p class="dim">
      <code>${name}</code> <span class="badge"><bdi>${head.version}</bdi></span>
      ${status !== 'active' && html`<span class="badge ${status}">${status}</span>`}
    </p>
    <p><bdi>${head.views.description}</bdi></p>
  </li>`;

function nextPage({ hasNextPage, rows }: List, q: string | undefined): Html | null {
  const last = rows.at(-1);
  if (!hasNextPage || !last) return null;
  const search = new URLSearchParams({ ...(q !== undefined && { q }), after: last.cursor });
  return html`<p><a href="/?${search.toString()}">Next page</a></p>`;
}
