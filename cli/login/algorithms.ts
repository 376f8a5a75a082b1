/** The kinds of keys that a domain logs in with. */
export const algorithms = ['ed25519', 'ecdsap384'] as const;

export type Algorithm = (typeof algorithms)[number];
