/** Tells people how far it is: rewrites one line where a terminal shows it, elsewhere writes a line every few seconds. */
export interface Progress {
  tell(line: string): void;
  /** Takes the line away, for what is to be said then. */
  clear(): void;
}

const REDRAW_MS = 100;
const LINE_MS = 5_000;

/** Makes one that writes to a stream; it runs no timer. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  const every = stream.isTTY ? REDRAW_MS : LINE_MS;
  let last = stream.isTTY ? Number.NEGATIVE_INFINITY : performance.now();
  let shown = false;
  const clear = () => {
    if (shown) stream.write('\r\x1b[K');
    shown = false;
  };
  return {
    clear,
    tell: (line) => {
      const now = performance.now();
      if (now - last < every) return;
      last = now;
      clear();
      stream.write(stream.isTTY ? line.slice(0, Math.max(stream.columns - 1, 10)) : `${line}\n`);
      shown = stream.isTTY;
    },
  };
}

/** 12345678 → `12.3 MB` */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** 1234567 → `1,234,567` */
export const count = (n: number): string => n.toLocaleString('en-US');
