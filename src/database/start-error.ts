/** Why the embedded database can't run, in one line that also says what to do; shown without a stack. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
}

/** What every refusal may end with: the way that needs no embedded database at all. */
export const OR_USE_YOUR_OWN = 'or set MCP_REGISTRY_DATABASE_URL to a PostgreSQL 15 or newer';

/** The code of a system call's error (`EACCES`), or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Tells a failed file operation in the data directory in one line. */
export function fileProblem(path: string, error: unknown): DatabaseStartError {
  const reasons: Record<string, string> = {
    EACCES: `no permission for ${path}: run as the user who owns it, or set MCP_REGISTRY_DATA_DIR to a directory of yours`,
    EPERM: `no permission for ${path}: run as the user who owns it, or set MCP_REGISTRY_DATA_DIR to a directory of yours`,
    EROFS: `${path} is on a read-only file system: set MCP_REGISTRY_DATA_DIR to a directory that can be written`,
    EINVAL: `${path} can't be given to another user (a user namespace with one user): run as an ordinary user, ${OR_USE_YOUR_OWN}`,
    ENOSPC: `the disk that holds ${path} is full: make room`,
    ENOTDIR: `${path} lies under a file: set MCP_REGISTRY_DATA_DIR to a directory`,
    EEXIST: `${path} is a file: set MCP_REGISTRY_DATA_DIR to a directory`,
  };
  const reason = reasons[errorCode(error)] ?? `${path}: ${error instanceof Error ? error.message : String(error)}`;
  return new DatabaseStartError(`The embedded database can't use its directory: ${reason}.`, { cause: error });
}
