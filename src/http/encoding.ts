import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

/** The ways in which a body can be compressed, the best first. */
const encodings = ['br', 'gzip'] as const;

export type Encoding = (typeof encodings)[number];

/** What an Accept-Encoding header likes best (RFC 9110, section 12.5.3); null for the body as it is. */
export function chooseEncoding(accepted: string | undefined): Encoding | null {
  const weights = new Map<string, number>();
  for (const one of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = one.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight ? Number(weight.slice(2)) || 0 : 1);
  }
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  const [best] = encodings.toSorted((a, b) => weightOf(b) - weightOf(a));
  return best && weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0) ? best : null;
}

/** Makes a compressed stream of another; each fails with the other, and neither reads ahead of its reader. */
export function compress(source: Readable, encoding: Encoding | null): Readable {
  if (encoding === null) return source;
  const compressor =
    encoding === 'gzip'
      ? createGzip()
      : // The quality at which Brotli is about as fast as gzip, and still smaller.
        createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  // Whoever reads the compressor learns of its failure there.
  return pipeline(source, compressor, () => {});
}
