/** What a server.json may have where the official schema says nothing: each bound is well above every real document. */
export const documentLimits = {
  /** Bytes of the text, as UTF-8; the largest real one has 58 KB. */
  bytes: 256 * 1024,
  /** How deep brackets nest; the deepest real one has 7. */
  depth: 32,
  /** Values of any kind; the most real ones are 3,370. */
  values: 10_000,
  packages: 100,
  remotes: 100,
  icons: 100,
  /** Arguments, variables, headers, choices and sizes, each list; the longest real one has 61. */
  listEntries: 250,
  urlLength: 2_048,
  /** The database's index takes no key that is much longer. */
  identifierLength: 512,
  /** Bytes of the publisher's part of `_meta` as compact JSON: the official limit. */
  publisherMetadataBytes: 4_096,
  /** The lengths of the official schema. */
  nameLength: 200,
  versionLength: 255,
  titleLength: 100,
  descriptionLength: 100,
};
