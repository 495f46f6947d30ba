/** IP addresses as Envoy reads and writes them (Network::Address, CidrRange). Pure. */

interface IpAddress {
  bits: 32 | 128;
  value: bigint;
}

/** An address inside "10.0.0.0/8" or "2001:db8::/32", or equal to a bare one; what is no address compares as text. */
export function matchesCidr(cidr: string, address: string): boolean {
  const [network = "", written] = cidr.split("/");
  const a = parse(network);
  const b = parse(address);
  if (a === undefined || b === undefined) return network === address;
  if (a.bits !== b.bits) return false;
  const shift = BigInt(a.bits - Math.min(a.bits, written === undefined ? a.bits : Number(written)));
  return a.value >> shift === b.value >> shift;
}

export function isIpAddress(text: string): boolean {
  return parse(text) !== undefined;
}

/** As Envoy writes it, whatever way it was written: "2001:DB8:0:0::1" is "2001:db8::1". */
export function canonicalIp(text: string): string {
  // Nothing else can be written in two ways.
  if (!text.includes(":")) return text;
  const address = parse(text);
  return address === undefined ? text : format(address);
}

/** The network of an address, "10.1.0.0/16". @param lengths of its prefix, for each family; undefined: it is no address */
export function maskedIp(text: string, lengths: { v4: number; v6: number }): string | undefined {
  const address = parse(text);
  if (address === undefined) return undefined;
  const length = Math.min(address.bits, address.bits === 32 ? lengths.v4 : lengths.v6);
  const shift = BigInt(address.bits - length);
  return `${format({ ...address, value: (address.value >> shift) << shift })}/${length}`;
}

function parse(text: string): IpAddress | undefined {
  if (!text.includes(":")) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { bits: 32, value };
  }
  const halves = text.split("::").map((half) => (half === "" ? [] : half.split(":").flatMap(groupsOf)));
  const [front = [], back = []] = halves;
  const length = front.length + back.length;
  if (halves.length > 2 || (halves.length === 2 ? length > 7 : length !== 8)) return undefined;
  const groups = [...front, ...Array.from({ length: 8 - length }, () => 0), ...back];
  if (groups.some((group) => Number.isNaN(group))) return undefined;
  return { bits: 128, value: groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n) };
}

/** One group of four digits, or the two of an IPv4 address at the end. */
function groupsOf(text: string): number[] {
  const ipv4 = text.includes(".") ? parseIpv4(text) : undefined;
  if (ipv4 !== undefined) return [Number(ipv4 >> 16n), Number(ipv4 & 0xffffn)];
  return [/^[\da-f]{1,4}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN];
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function format({ bits, value }: IpAddress): string {
  if (bits === 32) return dotted(value);
  if (value >> 32n === 0xffffn) return `::ffff:${dotted(value & 0xffffffffn)}`;
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

/** @returns where the first of the longest runs begins, and how long it is */
function longestZeros(groups: readonly string[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === "0") end++;
    if (end - start > best[1]) best = [start, end - start];
  }
  return best;
}
