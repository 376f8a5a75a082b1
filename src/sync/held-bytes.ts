/** Longer than any record of the official registry (58 KB) by far; what is longer is skipped. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** The bytes of one record that came in earlier chunks. */
export interface HeldBytes {
  length: number;
  /** False when they would be more than a record may have; nothing is then added. */
  add(bytes: Uint8Array): boolean;
  /** Everything held and these, valid until the next `add`, or null when that is too long; nothing is held afterwards. */
  take(bytes: Uint8Array): Uint8Array | null;
  drop(): void;
  /** What is held as text of one character a byte. */
  latin1(): string;
}

/** Makes an empty one; its buffer grows as it is needed, and stays. */
export function holdBytes(): HeldBytes {
  let buffer = Buffer.alloc(0);
  const held: HeldBytes = {
    length: 0,
    add(bytes) {
      if (held.length + bytes.length > MAX_RECORD_BYTES) return false;
      const length = held.length + bytes.length;
      if (length > buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length, MAX_RECORD_BYTES));
      buffer.set(bytes, held.length);
      held.length = length;
      return true;
    },
    take(bytes) {
      if (held.length === 0) return bytes.length > MAX_RECORD_BYTES ? null : bytes;
      const whole = held.add(bytes) ? buffer.subarray(0, held.length) : null;
      held.drop();
      return whole;
    },
    drop() {
      held.length = 0;
    },
    latin1: () => buffer.toString('latin1', 0, held.length),
  };
  return held;
}
