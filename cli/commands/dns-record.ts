import { Resolver } from 'node:dns/promises';
import { defineCommand, flag, required, value } from '../command.ts';
import { CliError, usage } from '../errors.ts';
import { oneLine } from '../clean.ts';
import { recordLines } from '../dns-panel.ts';

/** Names under which the record is published by mistake. */
const selectors = ['_mcp-auth', '_mcp-registry'];

export const dnsRecord = defineCommand({
  name: 'dns-record',
  summary: "show the TXT record of a domain's key, or check it",
  description:
    'Shows the TXT record that lets `mcp login dns` in, in the form that DNS panels want. With --check it asks DNS and tells what stands there: this key, another one, one in the wrong place, or nothing.',
  parameters: {
    domain: required('the domain, such as example.com'),
    keyFile: value('file', 'the private key; mcp-key.pem when left out'),
    check: flag('ask DNS what stands there'),
    dnsServer: value('host', "ask this DNS server instead of the system's (MCP_DNS_SERVER)"),
  },
  examples: ['mcp dns-record example.com', 'mcp dns-record example.com --check --dns-server 1.1.1.1'],
  async run({ env, output }, { domain, keyFile, check, dnsServer }) {
    const { readKey, readKeyFile } = await import('../login/key.ts');
    const key =
      keyFile === undefined && env.MCP_PRIVATE_KEY
        ? readKey(env.MCP_PRIVATE_KEY, 'MCP_PRIVATE_KEY')
        : readKeyFile(keyFile ?? 'mcp-key.pem');
    const record = { type: 'TXT', name: domain, value: key.record };
    if (!check) return { value: { domain, record }, lines: recordLines(record, output.colors) };
    const { status, sentence } = await look(domain, key.record, createResolver(dnsServer ?? env.MCP_DNS_SERVER));
    const paint = status === 'published' ? output.colors.green : output.colors.red;
    return {
      value: { domain, record, status, message: sentence },
      lines: [paint(sentence)],
      ending: status === 'published' ? 'done' : 'refused',
    };
  },
});

function createResolver(server: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  try {
    if (server) resolver.setServers([server]);
  } catch {
    throw usage(`"${server}" is no DNS server: give its address, such as 1.1.1.1 or 127.0.0.1:5353.`);
  }
  return resolver;
}

async function look(domain: string, wanted: string, resolver: Resolver) {
  const atApex = keysIn(await txt(resolver, domain));
  const published = (records: string[]) => records.some((one) => normal(one) === normal(wanted));
  if (published(atApex)) {
    const others = atApex.length - 1;
    return {
      status: 'published',
      sentence: `${domain} publishes this key${others > 0 ? `, and ${others} more: remove those that are no longer used` : ''}.`,
    };
  }
  for (const selector of selectors) {
    const name = `${selector}.${domain}`;
    if (published(keysIn(await txt(resolver, name).catch(() => [])))) {
      return {
        status: 'misplaced',
        sentence: `The record is at ${name}, where it does not count: move it to ${domain} itself, which panels call @.`,
      };
    }
  }
  if (atApex.length > 0) {
    return {
      status: 'stale',
      sentence: `${domain} publishes another key (${oneLine(atApex[0]!, 100)}): replace it with this one, and wait until DNS has forgotten it.`,
    };
  }
  return {
    status: 'missing',
    sentence: `${domain} publishes no key: add the TXT record that \`mcp dns-record ${domain}\` shows. A new one can take minutes to be seen.`,
  };
}

const keysIn = (texts: string[]) => texts.filter((text) => /v=MCPv1\s*;/.test(text));

const normal = (record: string) => record.replaceAll(/\s+/g, '');

async function txt(resolver: Resolver, name: string): Promise<string[]> {
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    if (code === 'EBADNAME') throw usage(`"${name}" is no domain.`);
    throw new CliError('away', 'UPSTREAM_UNAVAILABLE', `DNS does not answer for ${name} (${code}): try again.`, {
      retryable: true,
    });
  }
}
