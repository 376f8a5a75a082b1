import { RegistryError } from '../../errors.ts';

/** A body as it was sent, for operations that are `raw`. */
export class RawBody {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a body; nothing in it is replaced, since what is kept must be what was sent. */
export function textOf(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new RegistryError('BAD_USER_INPUT', 'The body is not valid UTF-8.');
  }
}
