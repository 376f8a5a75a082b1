import { html, type Html } from './html.ts';

/** The page of a server; its slash stays one, so that the address can be read. */
export const serverPath = (name: string) => `/servers/${name.split('/').map(encodeURIComponent).join('/')}`;

/** Its versions in the REST API. */
export const apiPath = (name: string) => `/v0.1/servers/${encodeURIComponent(name)}/versions`;

/** A publisher's URL as a link where it is http(s) and as plain text where it is anything else. */
export function webLink(url: string, text = url): Html {
  const href = webUrl(url);
  return href === null
    ? html`<bdi>${text}</bdi>`
    : html`<a href="${href}" rel="nofollow noopener"><bdi>${text}</bdi></a>`;
}

function webUrl(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.href : null;
}
