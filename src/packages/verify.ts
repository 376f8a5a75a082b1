import { UpstreamError } from '../external/upstream.ts';
import { verifyCargo } from './cargo.ts';
import { verifyMcpb } from './mcpb.ts';
import { verifyNpm } from './npm.ts';
import { verifyNuget } from './nuget.ts';
import { verifyOci } from './oci.ts';
import { type PackageClaim, refused, show, type Verdict, type Verifier } from './package.ts';
import { verifyPypi } from './pypi.ts';
import type { PackageLimits, PackageRegistries } from './registries.ts';

/** What was found out of a package, and when. */
export interface PackageVerdict {
  package: PackageClaim;
  verdict: Verdict;
  checkedAt: Date;
  ms: number;
}

export interface VerifyOptions {
  now?: () => Date;
  /** Ends all of it; its reason is then thrown. */
  signal?: AbortSignal;
}

/** Every kind of package that can be published: the one place where a kind is added. */
const verifiers: Record<string, { verify: Verifier; limit: keyof PackageLimits }> = {
  npm: { verify: verifyNpm, limit: 'answerMs' },
  pypi: { verify: verifyPypi, limit: 'answerMs' },
  nuget: { verify: verifyNuget, limit: 'answerMs' },
  oci: { verify: verifyOci, limit: 'answerMs' },
  mcpb: { verify: verifyMcpb, limit: 'fileMs' },
  cargo: { verify: verifyCargo, limit: 'answerMs' },
};

/** The kinds of packages that can be published. */
export const registryTypes: readonly string[] = Object.keys(verifiers);

/**
 * Asks of all packages of a document at once whether they belong to the server, each within its time; the same one is
 * asked about once. Holds no connection of ours, and never throws for what the outside does: that is a verdict.
 */
export async function verifyPackages(
  registries: PackageRegistries,
  serverName: string,
  packages: PackageClaim[],
  options: VerifyOptions = {},
): Promise<PackageVerdict[]> {
  const { now = () => new Date(), signal } = options;
  const asked = new Map<string, Promise<Omit<PackageVerdict, 'package'>>>();
  const verdicts = packages.map(async (claim): Promise<PackageVerdict> => {
    const { registryType, registryBaseUrl, identifier, version, fileSha256 } = claim;
    const key = JSON.stringify([registryType, registryBaseUrl, identifier, version, fileSha256]);
    const answer = asked.get(key) ?? timed(() => verdictOf(registries, serverName, claim, { now, signal }), now);
    asked.set(key, answer);
    return { package: claim, ...(await answer) };
  });
  return Promise.all(verdicts);
}

async function timed(ask: () => Promise<Verdict>, now: () => Date): Promise<Omit<PackageVerdict, 'package'>> {
  const started = performance.now();
  const verdict = await ask();
  return { verdict, checkedAt: now(), ms: Math.round(performance.now() - started) };
}

async function verdictOf(
  registries: PackageRegistries,
  serverName: string,
  claim: PackageClaim,
  { now, signal }: { now: () => Date; signal?: AbortSignal },
): Promise<Verdict> {
  const { registryType } = claim;
  const known = Object.hasOwn(verifiers, registryType) ? verifiers[registryType] : undefined;
  if (!known) {
    return refused(`unsupported registry type: ${show(registryType)}. Packages are of ${registryTypes.join(', ')}.`);
  }
  const deadline = AbortSignal.timeout(registries.limits[known.limit]);
  const ends = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    return await known.verify({ claim, serverName, registries, signal: ends, now });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!(error instanceof UpstreamError)) throw error;
    return toVerdict(error);
  }
}

/** What follows from an outage: never that a package is the server's. Too much to read is up to who published it. */
function toVerdict({ kind, message, retryAfter }: UpstreamError): Verdict {
  if (kind === 'too-large') return refused(`${message} Publish something smaller: a shorter README, a smaller file.`);
  return { status: 'unavailable', message: `${message} Try again in a moment.`, retryAfter };
}
