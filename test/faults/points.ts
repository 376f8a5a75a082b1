/** The points of publishing at which a service is killed: as the statement begins that does it; null: from outside. */
export const points = {
  'while the registry of a package is asked': null,
  'before the name is made': /INSERT INTO namespaces \(name, name_key\)\s/,
  'before the name is locked': /FOR NO KEY UPDATE/,
  'before the version is written': /INSERT INTO versions/,
  'before its packages are written': /INSERT INTO packages/,
  'before latest moves': /SET is_latest = true/,
  'before the server shows it': /UPDATE servers s SET head_id/,
  'before its remotes are taken': /INSERT INTO remote_urls/,
  'before the audit': /audit_append/,
  'before the job is enqueued': /graphile_worker\.add_job/,
  'before the revision is taken': /UPDATE revision/,
  'before the commit': /^COMMIT$/,
  'after the commit, before the answer': 'after the commit',
  'while the job runs': null,
} as const;

export type Point = keyof typeof points;
