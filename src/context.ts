import type { App } from './app.ts';
import { createLoaders, type Loaders } from './servers/loaders.ts';

export type { Db, Sql } from './db.ts';

/** One request, the same at every door. */
export interface Context {
  readonly app: App;
  readonly requestId: string;
  readonly loaders: Loaders;
}

/** Makes the context of one request. */
export function createContext(app: App, requestId: string): Context {
  return { app, requestId, loaders: createLoaders(app.db, app.store) };
}
