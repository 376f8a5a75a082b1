/** Why a backup was not made or not restored, in one line that also says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
