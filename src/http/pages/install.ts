import type { Document, Input, Package, Transport } from '../../servers/document.ts';
import { html, type Html } from './html.ts';
import { webLink } from './links.ts';

/** What it takes to use a server: its packages and the addresses where it runs. */
export function installFacts({ packages, remotes }: Pick<Document, 'packages' | 'remotes'>): Html {
  if (packages.length + remotes.length === 0) {
    return html`<p class="dim">It names neither a package nor an address.</p>`;
  }
  return html` ${
    remotes.length > 0 &&
    html`<h2>Remote endpoints</h2>
      <ul class="cards">
        ${remotes.map(remoteCard)}
      </ul>`
  }
  ${
    packages.length > 0 &&
    html`<h2>Packages</h2>
      <ul class="cards">
        ${packages.map(packageCard)}
      </ul>`
  }`;
}

const remoteCard = (remote: Transport): Html =>
  html` <li class="card">
    <h3>${webLink(remote.url ?? '')}</h3>
    <p class="dim">${remote.type ?? 'unknown transport'}</p>
    <dl>${inputs('Headers', remote.headers, ': ')} ${inputs('Variables', remote.variables, '=')}</dl>
  </li>`;

const packageCard = (one: Package): Html =>
  html` <li class="card">
    <h3>${webLink(one.identifier)} ${one.version && html`<span class="badge"><bdi>${one.version}</bdi></span>`}</h3>
    <p class="dim"><bdi>${[one.registryType, one.transport.type].filter(Boolean).join(' · ')}</bdi></p>
    <dl>
      ${
        one.runtimeHint &&
        html`<dt>Runs with</dt>
          <dd><code>${one.runtimeHint}</code></dd>`
      }
      ${
        one.transport.url &&
        html`<dt>Answers at</dt>
          <dd><code>${one.transport.url}</code></dd>`
      }
      ${
        one.fileSha256 &&
        html`<dt>SHA-256</dt>
          <dd><code>${one.fileSha256}</code></dd>`
      }
      ${inputs('Runtime arguments', one.runtimeArguments)} ${inputs('Arguments', one.packageArguments)}
      ${inputs('Environment', one.environmentVariables, '=')}
    </dl>
  </li>`;

/** `joint` stands between a name and its value. */
const inputs = (title: string, list: Input[], joint = ' '): Html | false =>
  list.length > 0 &&
  html`<dt>${title}</dt>
    ${list.map((input) => html`<dd>${inputLine(input, joint)}</dd>`)}`;

function inputLine(input: Input, joint: string): Html {
  const facts = [input.isRequired && 'required', input.isSecret && 'secret'].filter(Boolean).join(', ');
  const shown = [input.name, input.value].filter(Boolean).join(joint) || 'a value';
  return html`<code>${shown}</code> ${facts && html`<span class="badge">${facts}</span>`}
    ${input.description && html`<bdi class="dim">${input.description}</bdi>`}`;
}
