import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import packet from 'dns-packet';

/** A refusal; no answer at all; a web page; or, after a datagram that is cut short, by TCP: the end, a byte a second, 100 MB. */
export type DnsFailure = 'SERVFAIL' | 'REFUSED' | 'timeout' | 'HTML' | 'reset' | 'drip' | 'flood';

/** A real DNS server on loopback, UDP and TCP, that knows TXT records. */
export interface DnsServer {
  /** `127.0.0.1:port` */
  address: string;
  /** Sets the TXT records of a name, each a string or a list of strings; none is an answer without data. */
  txt(name: string, ...records: (string | string[])[]): void;
  /** Answers so for every name directly below this one. */
  wildcard(parent: string, ...records: string[]): void;
  /** Answers a name so from here on. */
  fail(name: string, how: DnsFailure): void;
  /** Forgets a name: NXDOMAIN. */
  forget(name: string): void;
  /** Name and transport of each question so far. */
  questions: { name: string; over: 'udp' | 'tcp' }[];
  close(): Promise<void>;
}

const RCODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const MAX_UDP_BYTES = 512;

/** Starts the server. */
export async function startDnsServer(): Promise<DnsServer> {
  const records = new Map<string, (string | string[])[]>();
  const wildcards = new Map<string, string[]>();
  const failures = new Map<string, DnsFailure>();
  const questions: DnsServer['questions'] = [];

  const answer = (message: Buffer, over: 'udp' | 'tcp'): Buffer | null => {
    const query = packet.decode(message);
    const name = nameOf(query);
    questions.push({ name, over });
    const failure = failures.get(name);
    if (failure === 'timeout') return null;
    if (failure === 'HTML') return Buffer.from('<html>Bad gateway</html>');
    const found = records.get(name) ?? wildcards.get(name.slice(name.indexOf('.') + 1));
    const rcode = failure === 'SERVFAIL' || failure === 'REFUSED' ? RCODES[failure] : found ? 0 : RCODES.NXDOMAIN;
    const reply = (truncated: boolean): Buffer =>
      packet.encode({
        type: 'response',
        id: query.id,
        flags:
          packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (truncated ? packet.TRUNCATED_RESPONSE : 0) | rcode,
        questions: query.questions,
        answers: truncated
          ? []
          : (found ?? []).map((data) => ({
              type: 'TXT',
              name,
              ttl: 1,
              data: [data].flat().map((one) => Buffer.from(one)),
            })),
      });
    if (failure && rcode === 0) return reply(true);
    const whole = reply(false);
    return over === 'udp' && whole.length > MAX_UDP_BYTES ? reply(true) : whole;
  };

  const tcp = createServer((socket: Socket) => {
    socket.on('error', () => {});
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const length = pending.readUInt16BE(0);
        const message = pending.subarray(2, 2 + length);
        const how = failures.get(nameOf(packet.decode(message)));
        if (how === 'reset' || how === 'drip' || how === 'flood') return misbehave(socket, how);
        const reply = answer(message, 'tcp');
        pending = pending.subarray(2 + length);
        if (!reply) continue;
        const prefix = Buffer.alloc(2);
        prefix.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([prefix, reply]));
      }
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (message, { port: from, address }) => {
    const reply = answer(message, 'udp');
    if (reply) udp.send(reply, from, address);
  });
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${port}`,
    txt: (name, ...values) => {
      failures.delete(name);
      records.set(name, values);
    },
    wildcard: (parent, ...values) => void wildcards.set(parent, values),
    fail: (name, how) => void failures.set(name, how),
    forget: (name) => {
      failures.delete(name);
      records.delete(name);
    },
    questions,
    close: async () => {
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

const nameOf = ({ questions }: packet.Packet) => questions?.[0]?.name.toLowerCase() ?? '';

/** A TCP answer that never comes to an end that makes sense. */
function misbehave(socket: Socket, how: 'reset' | 'drip' | 'flood'): void {
  if (how === 'reset') return void socket.resetAndDestroy();
  const chunk = how === 'drip' ? Buffer.of(0xff) : Buffer.alloc(1024 * 1024, 0xff);
  const timer = setInterval(() => socket.write(chunk), how === 'drip' ? 1_000 : 10);
  socket.on('close', () => clearInterval(timer));
}
