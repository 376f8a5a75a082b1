/** Why the database can't be brought up to date, in one line that also says what to do; never holds a password. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
