import type { Found } from './batch.ts';
import * as json from './json-scan.ts';
import * as step from './record-state.ts';
import type { Mode, State } from './record-state.ts';

/** Finds the records in JSON that comes in chunks; what is no record is passed over with a reason, never thrown. */
export interface RecordReader {
  push(chunk: Uint8Array): Found[];
  /** Says what was left open. */
  end(): Found[];
  /** Where reading has come to. */
  line(): number;
}

const BYTE_ORDER_MARK = new Set([0xef, 0xbb, 0xbf]);
const ENDS_SCALAR = new Set([...step.JSON_SPACE, json.COMMA, json.CLOSE_BRACKET, json.OPEN_BRACE, json.QUOTE]);

/**
 * Reads a JSON array of records, JSON lines, JSON documents one after another, or saved pages of a registry, in any
 * mixture. A broken record costs itself; reading goes on at the next line that can begin one.
 */
export function createRecordReader(): RecordReader {
  const state = step.newState();
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) at = modes[state.mode](state, chunk, at);
      return step.takeFound(state);
    },
    end() {
      if (state.mode === 'value' && !state.silent) step.skip(state, 'The input ends inside this record.');
      else if (state.list !== 'none') {
        state.found.push({ at: `line ${state.line}`, reason: 'The input ends before its list of records is closed.' });
      }
      return step.takeFound(state);
    },
    line: () => state.line,
  };
}

/** Each takes up the bytes at `at` and says where to go on. */
const modes: Record<Mode, (state: State, bytes: Uint8Array, at: number) => number> = {
  between(state, bytes, at) {
    const byte = bytes[at] as number;
    if (step.passSpace(state, byte) || byte === json.COMMA || BYTE_ORDER_MARK.has(byte)) return at + 1;
    if (state.list !== 'none' && byte === json.CLOSE_BRACKET) return step.closeList(state, at);
    state.startLine = state.line;
    state.startIndent = state.indent;
    state.indent = -1;
    if (state.list === 'none' && byte === json.OPEN_BRACKET) return step.openList(state, 'array', at);
    state.record += 1;
    if (byte === json.OPEN_BRACE || (state.list !== 'none' && (byte === json.OPEN_BRACKET || byte === json.QUOTE))) {
      return step.openValue(state, at);
    }
    step.skip(state, step.NOT_AN_OBJECT);
    state.mode = state.list === 'none' ? 'junk' : 'scalar';
    return at + 1;
  },

  value(state, bytes, at) {
    let stop = json.scanValue(state.scan, bytes, at);
    if (stop.what === 'array') {
      if (step.isPage(state, bytes.subarray(at, stop.at))) return step.openPage(state, stop.at);
      stop = json.scanValue(state.scan, bytes, stop.at);
    }
    if (stop.what === 'more') step.hold(state, bytes.subarray(at));
    else if (stop.what === 'end') step.keep(state, bytes.subarray(at, stop.at + 1));
    else step.giveUp(state);
    return stop.what === 'end' ? stop.at + 1 : stop.at;
  },

  scalar(state, bytes, at) {
    const end = bytes.subarray(at).findIndex((byte) => ENDS_SCALAR.has(byte));
    if (end < 0) return bytes.length;
    state.mode = 'between';
    return at + end;
  },

  junk(state, bytes, at) {
    const end = bytes.indexOf(json.NEWLINE, at);
    if (end < 0) return bytes.length;
    state.mode = 'between';
    return end;
  },

  resync(state, bytes, at) {
    const byte = bytes[at] as number;
    const { indent, startIndent, list } = state;
    const beginsRecord =
      byte === json.OPEN_BRACE && indent >= 0 && (startIndent < 0 ? indent <= 1 : indent === startIndent);
    const endsList = byte === json.CLOSE_BRACKET && list !== 'none' && indent >= 0 && indent <= startIndent;
    const nextLine = byte === json.NEWLINE && list === 'none' && step.oneALine(state);
    if (beginsRecord || endsList || nextLine) {
      state.mode = 'between';
      return at;
    }
    if (!step.passSpace(state, byte) && byte !== json.COMMA) state.indent = -1;
    return at + 1;
  },
};
