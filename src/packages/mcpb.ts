import { type PackageClaim, type Question, refused, show, type Verdict, verified } from './package.ts';
import { strayField } from './shape.ts';

const GITHUB = /^\/[\w.-]+\/[\w.-]+\/releases\/download\/[^/]+\/[^/]+$/;
const GITLAB = /^\/[\w.-]+(\/[\w.-]+)+\/-\/(releases\/[^/]+\/downloads\/.+|package_files\/\d+\/download)$/;
const PATHS: Record<string, RegExp[]> = { 'github.com': [GITHUB], 'gitlab.com': [GITLAB] };
const LONGEST = 2_048;

/** MCPB: the file of a GitHub or GitLab release has the SHA-256 that the document gives. */
export async function verifyMcpb({ claim, registries, signal }: Question): Promise<Verdict> {
  const { identifier, fileSha256 } = claim;
  const stray = strayField(claim, 'MCPB', ['registryBaseUrl']);
  if (stray !== null) return refused(stray);
  if (!fileSha256 || !/^[a-f0-9]{64}$/.test(fileSha256)) {
    return refused(
      "MCPB package needs 'fileSha256', the file's SHA-256 in 64 lower-case hex digits (sha256sum <file>).",
    );
  }
  const url = releaseUrl(claim, registries.releaseHosts);
  if (typeof url === 'string') return refused(url);
  const { releaseFiles } = registries;
  const file = await releaseFiles.download(url.host, url.pathname, signal);
  if (file.status === 'missing') {
    return refused(
      `MCPB package '${show(identifier)}' is not publicly accessible (status: ${file.code}). Publish the release with the file first.`,
    );
  }
  if (file.sha256 !== fileSha256) {
    return refused(
      `MCPB package '${show(identifier)}' does not have the SHA-256 ${fileSha256}: the file there has ${file.sha256}. Correct fileSha256, or upload the right file.`,
    );
  }
  return verified({ fileSha256, bytes: file.bytes });
}

/** The address of a release file, or what is wrong with it. */
function releaseUrl({ identifier }: PackageClaim, hosts: string[]): URL | string {
  const shown = show(identifier);
  const url = identifier.length <= LONGEST ? URL.parse(identifier) : null;
  if (!url || url.protocol !== 'https:') return `MCPB package '${shown}' is no https:// address of a file.`;
  const named = hosts.includes(url.host);
  if (!named && !Object.hasOwn(PATHS, url.host)) {
    return `MCPB packages must be hosted on github.com or gitlab.com releases, not on '${show(url.host)}'.`;
  }
  const paths = PATHS[url.host] ?? [GITHUB, GITLAB];
  if (url.username || url.password || url.search || url.hash || !paths.some((path) => path.test(url.pathname))) {
    return `MCPB package '${shown}' is no file of a release, such as https://github.com/acme/weather-mcp/releases/download/v1.0.0/weather.mcpb or https://gitlab.com/acme/weather-mcp/-/releases/v1.0.0/downloads/weather.mcpb.`;
  }
  return /mcp/i.test(identifier) ? url : `MCPB package '${shown}' must have 'mcp' somewhere in its address.`;
}
