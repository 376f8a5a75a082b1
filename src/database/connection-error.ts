import { errorCode } from './start-error.ts';

/** Tells why PostgreSQL can't be used at `url`, which the variable named, in one line and without its password. */
export function explainConnectionError(url: string, error: unknown, variable = 'MCP_REGISTRY_DATABASE_URL'): string {
  const parsed = new URL(url);
  const server = `PostgreSQL at ${parsed.host || parsed.searchParams.get('host') || 'localhost'}`;
  const user = decodeURIComponent(parsed.username) || 'unnamed';
  const database = decodeURIComponent(parsed.pathname.slice(1)) || user;
  const check = `check ${variable}`;
  const message = error instanceof Error ? error.message : String(error);
  // A host with several addresses gives one error for each, in an error without a message.
  const code = errorCode(error);
  const reasons: Record<string, string> = {
    ECONNREFUSED: `${server} refuses the connection: is it running, and is ${variable} right?`,
    ENOENT: `${server} has no socket there: is it running, and is ${variable} right?`,
    ENOTFOUND: `${server} has no such host: ${check}.`,
    EAI_AGAIN: `${server} has no such host, or the name server doesn't answer: ${check}.`,
    ETIMEDOUT: `${server} doesn't answer: ${check}, and the network between.`,
    '28P01': `${server} refuses the password of user "${user}": ${check}.`,
    '28000': `${server} doesn't let user "${user}" in: check ${variable} and the server's pg_hba.conf.`,
    '3D000': `${server} has no database "${database}": create it (CREATE DATABASE "${database}"), or ${check}.`,
    '42501': `${server} forbids user "${user}" what is needed in database "${database}" (${message}): grant it.`,
    '53300': `${server} has no connection left: raise its max_connections, or try again.`,
    '57P03': `${server} is starting or stopping: try again.`,
  };
  if (reasons[code]) return reasons[code];
  if (/timeout expired/.test(message)) return reasons.ETIMEDOUT ?? message;
  if (/password must be a string/.test(message)) {
    return `${server} wants a password for user "${user}": put it into ${variable}.`;
  }
  return `${server} can't be used: ${withoutPassword(message || code, parsed)}.`;
}

function withoutPassword(message: string, { password }: URL): string {
  if (!password) return message;
  return message.replaceAll(password, '***').replaceAll(decodeURIComponent(password), '***');
}
