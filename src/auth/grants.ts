/** A GitHub namespace that a login proved, and the account, by numeric id, that it stands for. */
export interface GithubGrant {
  /** Lower case: `io.github.alice`. */
  namespaceKey: string;
  accountId: number;
  /** Set when it is an organisation's: membership is asked again before each write. */
  organisation: { id: number; login: string } | null;
}

/** The workflow that an identity token of GitHub Actions names. */
export interface Workflow {
  /** `owner/repository` */
  repository: string;
  /** The file in .github/workflows */
  workflow: string;
  environment: string | null;
}

/** What a login proved, kept with its session: who owns what and what has lapsed is looked up at each write. */
export interface Grants {
  github?: GithubGrant[];
  /** A domain whose published key signed; `subtree` when the key stands in DNS, which rules all below it. */
  domain?: { name: string; subtree: boolean };
  workflow?: Workflow;
}
