/** Seconds that answers may be kept at routers, by type and field; the least in an answer counts for all of it. */
export const MAX_AGES: Readonly<Record<string, number>> = {
  'Query.server': 30,
  'Query.servers': 30,
  'Query.serverVersion': 30,
  'Query.serverVersions': 30,
  'Query.package': 30,
  'Query.namespace': 30,
  'Query.changes': 30,
  'Query.registry': 30,
  'Query.node': 30,
  'Query.nodes': 30,
  Server: 30,
  // Asked for by its key it is an exact version, of which nothing but the status can change.
  ServerVersion: 60,
};
