import type { PackageRegistries } from './registries.ts';

/** What a document says of a package, as far as ownership goes. */
export interface PackageClaim {
  registryType: string;
  registryBaseUrl: string | null;
  identifier: string;
  version: string | null;
  fileSha256: string | null;
}

/** Whether a package belongs to the server that claims it. */
export type Verdict =
  /** It does; what was seen is kept. */
  | { status: 'verified'; evidence: Record<string, unknown> }
  /** A definite no; the sentence says what to do. */
  | { status: 'refused'; message: string }
  /** It could not be asked, or is not there yet; seconds after which it is worth another try. */
  | { status: 'unavailable'; message: string; retryAfter: number };

/** What a verifier is asked. */
export interface Question {
  claim: PackageClaim;
  serverName: string;
  registries: PackageRegistries;
  signal: AbortSignal;
  now(): Date;
}

/** Decides one kind of package; lets an UpstreamError through. */
export type Verifier = (question: Question) => Promise<Verdict>;

/** How long what was published just now may take to be served: npm was seen to need 20 minutes. */
const BEHIND_SECONDS = 60;

const SHOWN = 200;

/** The package is the server's. */
export const verified = (evidence: Record<string, unknown>): Verdict => ({ status: 'verified', evidence });

/** The package is not the server's, or can't be. */
export const refused = (message: string): Verdict => ({ status: 'refused', message });

/** The package may be there in a while. */
export const behind = (message: string): Verdict => ({ status: 'unavailable', message, retryAfter: BEHIND_SECONDS });

/** Text of a stranger as it stands in a sentence. */
export const show = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
