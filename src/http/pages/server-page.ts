import { z } from 'zod';
import type { ServerEntry, VersionEntry } from '../../servers/entries.ts';
import { nameKey } from '../../namespaces/server-name.ts';
import { listServerVersions } from '../../servers/server-versions.ts';
import { serverTag } from '../../servers/cache-tags.ts';
import { operation } from '../rest/operation.ts';
import { html, type Html } from './html.ts';
import { installFacts } from './install.ts';
import { answerPage } from './layout.ts';
import { apiPath, webLink } from './links.ts';

/** Versions that are shown; the API has them all. */
const SHOWN = 100;

/** The page of one server at `/servers/<name>`, the name as it is or URL-encoded. */
export const serverPage = operation({
  params: z.object({ '*': z.string() }),
  handle: async ({ reads, store, loaders }, { params: { '*': name } }) => {
    const server = await loaders.server.load(name);
    if (!server || server.status === 'deleted') return notFound(name);
    const page = { limit: SHOWN, backwards: false, after: null, before: null };
    const list = await listServerVersions(reads.sql, server, page, {});
    const versions = await store.versions(list.rows);
    return answerPage({
      title: `${server.head.views.title ?? server.name}: MCP Registry`,
      tags: [serverTag(server.nameKey)],
      main: html`${heading(server)} ${installFacts(server.head.views)}
      ${versionTable(server.name, versions, list.hasNextPage)}`,
    });
  },
});

const notFound = (name: string) =>
  answerPage({
    title: 'Not found: MCP Registry',
    status: 404,
    tags: [serverTag(nameKey(name.slice(0, 255).toWellFormed()))],
    main: html`<h1>Not found</h1>
      <p>There is no server named <code>${name.slice(0, 255)}</code>. Search for it above.</p>`,
  });

function heading({ name, status, head }: ServerEntry): Html {
  const { title, description, websiteUrl, repository } = head.views;
  return html` <h1><bdi>${title ?? name}</bdi></h1>
    <p class="dim">
      <code>${name}</code> <span class="badge"><bdi>${head.version}</bdi></span>
      ${status !== 'active' && html`<span class="badge ${status}">${status}</span>`}
    </p>
    ${head.statusMessage && html`<p><bdi>${head.statusMessage}</bdi></p>`}
    <p><bdi>${description}</bdi></p>
    <dl>
      ${
        websiteUrl &&
        html`<dt>Home page</dt>
          <dd>${webLink(websiteUrl)}</dd>`
      }
      ${
        repository &&
        html`<dt>Source code</dt>
          <dd>${webLink(repository.url)}</dd>`
      }
      <dt>For programs</dt>
      <dd><a href="${apiPath(name)}/latest">server.json</a></dd>
    </dl>`;
}

const versionTable = (name: string, versions: VersionEntry[], more: boolean) =>
  html` <h2>Versions</h2>
    <table>
      <tr>
        <th>Version</th>
        <th>Published</th>
        <th>Status</th>
      </tr>
      ${versions.map(
        (version) =>
          html`<tr>
            <td>
              <a href="${apiPath(name)}/${encodeURIComponent(version.version)}"><bdi>${version.version}</bdi></a>
            </td>
            <td>${version.publishedAt.slice(0, 10)}</td>
            <td>
              <span class="badge ${version.status}">${version.status}</span>
              ${version.isLatest && html`<span class="badge">latest</span>`}
            </td>
          </tr>`,
      )}
    </table>
    ${more && html`<p><a href="${apiPath(name)}">All versions</a></p>`}`;
