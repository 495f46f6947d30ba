/** Reads the end of a PEM certificate's validity; knows no other part of X.509 and checks no signature. */

/** @returns milliseconds since 1970, or undefined where the text holds no readable certificate. */
export function certificateEndMs(pem: string): number | undefined {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  if (body === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(body.replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
    return readEnd(bytes);
  } catch {
    return undefined;
  }
}

interface Element {
  tag: number;
  from: number;
  to: number;
}

/** DER: one element's tag and content. */
function element(bytes: Uint8Array, at: number): Element {
  const first = bytes[at + 1]!;
  if (first < 0x80) return bounded(bytes, { tag: bytes[at]!, from: at + 2, to: at + 2 + first });
  const size = first & 0x7f;
  let length = 0;
  for (let index = 0; index < size; index++) length = length * 256 + bytes[at + 2 + index]!;
  return bounded(bytes, { tag: bytes[at]!, from: at + 2 + size, to: at + 2 + size + length });
}

function bounded(bytes: Uint8Array, found: Element): Element {
  if (!(found.to <= bytes.length)) throw new RangeError("DER ends early");
  return found;
}

/** Certificate → tbsCertificate → [version] serial signature issuer validity { notBefore notAfter }. */
function readEnd(bytes: Uint8Array): number | undefined {
  const body = element(bytes, element(bytes, 0).from);
  let at = body.from;
  const version = element(bytes, at);
  if (version.tag === 0xa0) at = version.to;
  for (let skipped = 0; skipped < 3; skipped++) at = element(bytes, at).to;
  const validity = element(bytes, at);
  const end = element(bytes, element(bytes, validity.from).to);
  const text = String.fromCharCode(...bytes.slice(end.from, end.to));
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const century = parts[1]!.length === 4 ? 0 : year < 50 ? 2000 : 1900;
  return Date.UTC(century + year, month - 1, day, hour, minute, second);
}
