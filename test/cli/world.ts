import { freePort } from '../free-port.ts';
import { startPublishWorld, type PublishWorld } from '../publish/world.ts';
import { createUser, type User } from './mcp.ts';

/** The service at the address that it calls itself by, everyone whom it asks, and people at their machines. */
export interface CliWorld extends PublishWorld {
  url: string;
  /** Someone new, who uses this registry. */
  user(env?: Record<string, string>): User;
}

/** Starts all of it; `env` as for the service, without its prefix. */
export async function startCliWorld(env: Record<string, string> = {}): Promise<CliWorld> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const world = await startPublishWorld({ PORT: String(port), PUBLIC_URL: url, ...env });
  return { ...world, url, user: (more = {}) => createUser({ MCP_REGISTRY_URL: url, ...more }) };
}
