import type { IncomingMessage } from 'node:http';

/** What of a request's head an answer from memory depends on; undefined: not there. */
export interface Asked {
  /** Whether there are credentials or a body: the answer is nobody else's. */
  own: boolean;
  accept: string | undefined;
  acceptEncoding: string | undefined;
  ifNoneMatch: string | undefined;
  requestId: string | undefined;
}

/**
 * Reads it from the lines as they came: `request.headers` makes an object of all of them, which takes longer than to look
 * up what is to be answered. Lines of one name are joined, as node:http does.
 */
export function askedOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Asked {
  const asked: Asked = {
    own: false,
    accept: undefined,
    acceptEncoding: undefined,
    ifNoneMatch: undefined,
    requestId: undefined,
  };
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (LENGTHS.has(name.length)) take(asked, name.toLowerCase(), rawHeaders[i + 1]!);
  }
  return asked;
}

/** Of the names below. */
const LENGTHS = new Set([6, 12, 13, 14, 15, 17]);

function take(asked: Asked, name: string, value: string): void {
  switch (name) {
    case 'authorization':
    case 'cookie':
    case 'content-length':
    case 'transfer-encoding':
      asked.own = true;
      break;
    case 'accept':
      asked.accept = joined(asked.accept, value);
      break;
    case 'accept-encoding':
      asked.acceptEncoding = joined(asked.acceptEncoding, value);
      break;
    case 'if-none-match':
      asked.ifNoneMatch = joined(asked.ifNoneMatch, value);
      break;
    case 'x-request-id':
      asked.requestId = joined(asked.requestId, value);
      break;
  }
}

const joined = (before: string | undefined, value: string) => (before === undefined ? value : `${before}, ${value}`);
