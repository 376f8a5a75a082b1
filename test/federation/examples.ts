import type { MarketplaceStore } from './marketplace-store.ts';

/** A query to try, and what it shows. */
export interface Example {
  title: string;
  query: string;
}

/** Queries that show what a supergraph is good for, about servers that are there. */
export function examples({ offers }: Pick<MarketplaceStore, 'offers'>): Example[] {
  const name = [...offers.keys()][1] ?? 'com.example/server';
  return [
    {
      title: 'A page of the registry, with the ratings of the marketplace',
      query: `{\n  servers(first: 5) {\n    edges { node { name description rating installs } }\n  }\n}`,
    },
    {
      title: 'A server as three teams know it',
      query: `{\n  server(name: "${name}") {\n    name\n    latestVersion { version packages { registryType identifier } vulnerabilities }\n    rating\n    categories { name }\n    reviews { edges { node { author stars } } }\n  }\n}`,
    },
    {
      title: 'The best of the marketplace, with what the registry knows of them',
      query: `{\n  topRated(first: 5) {\n    edges { node { name rating title status latestVersion { version publishedAt } } }\n  }\n}`,
    },
    {
      title: 'Numbers of the marketplace that need fields of the registry (@requires)',
      query: `{\n  servers(first: 5) {\n    edges { node { headline latestVersion { downloads } } }\n  }\n}`,
    },
    {
      title: 'A reviewer, whose ratings need no other team (@provides)',
      query: `{\n  reviewsBy(author: "ada") { stars server { name rating } }\n}`,
    },
    {
      title: 'What is for sale, and what a third team adds to all of it (@interfaceObject)',
      query: `{\n  servers(first: 5) {\n    edges { node { name listing { __typename cents complaints } } }\n  }\n}`,
    },
    {
      title: 'What changed, and what others know of it',
      query: `{\n  changes(first: 5) {\n    changes { revision kind version { name version vulnerabilities server { rating } } }\n  }\n}`,
    },
  ];
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A page on which each can be changed and sent to the router beside it. */
export const examplePage = (list: Example[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Registry, marketplace and reviews in one graph</title>
<style>
  body { font: 16px/1.5 system-ui; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  textarea, pre { font: 14px/1.4 ui-monospace, monospace; width: 100%; box-sizing: border-box }
  pre { background: #f4f4f4; padding: 1rem; overflow: auto; max-height: 24rem }
</style>
<h1>Registry, marketplace and reviews in one graph</h1>
<p>Each query goes to a real router, which asks as few of the three subgraphs as it can.</p>
${list
  .map(
    ({ title, query }) => `<form>
  <h2>${escaped(title)}</h2>
  <textarea aria-label="Query" rows="${query.split('\n').length}">${escaped(query)}</textarea>
  <button>Ask</button>
  <pre hidden></pre>
</form>`,
  )
  .join('\n')}
<script>
  for (const form of document.forms) form.onsubmit = async (event) => {
    event.preventDefault();
    const [text, answer] = [form.querySelector('textarea'), form.querySelector('pre')];
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: text.value }) });
    answer.hidden = false;
    answer.textContent = JSON.stringify(await response.json(), null, 2);
  };
</script>
</html>
`;
