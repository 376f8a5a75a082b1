/** A question to the supergraph, and what is true. */
export interface Question {
  asks: string;
  query: string;
  variables?: Record<string, unknown>;
  /** What the answer must be. */
  data?: unknown;
  /** What its one error must say. */
  error?: string;
}

/** A connection's edges, of which only the nodes were asked for. */
export const edges = (nodes: unknown[]) => ({ edges: nodes.map((node) => ({ node })) });
