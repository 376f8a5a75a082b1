/** The length-delimited fields of a protobuf message with this number (protobuf.dev, "Encoding"); what else there is, is passed over. */
function fields(message: Buffer, number: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const [field, type] = [Math.floor(key / 8), key % 8];
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const length = varint();
      if (field === number) found.push(message.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}

/** The names of the spans in an ExportTraceServiceRequest: resource_spans 1, scope_spans 2, spans 2, name 5. */
export const spanNames = (request: Buffer): string[] =>
  fields(request, 1)
    .flatMap((resource) => fields(resource, 2))
    .flatMap((scope) => fields(scope, 2))
    .flatMap((span) => fields(span, 5).map(String));
