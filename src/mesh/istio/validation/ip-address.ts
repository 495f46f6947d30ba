/** IP addresses and CIDR blocks as Go's net/netip reads them. */
import { type Field, text } from "../../resource/field.ts";
import { reject, type Verdict } from "./verdict.ts";

export function isIpAddress(value: string): boolean {
  return isIpv4(value) || isIpv6(value);
}

function isIpv4(value: string): boolean {
  const parts = value.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(value: string): boolean {
  const zone = value.indexOf("%");
  if (zone === value.length - 1 && zone >= 0) return false;
  let address = zone < 0 ? value : value.slice(0, zone);
  if (!address.includes(":")) return false;
  const lastColon = address.lastIndexOf(":");
  if (address.includes(".", lastColon)) {
    if (!isIpv4(address.slice(lastColon + 1))) return false;
    address = `${address.slice(0, lastColon)}:0:0`;
  }
  const halves = address.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8;
}

export function isCidr(value: string): boolean {
  const slash = value.lastIndexOf("/");
  if (slash < 0) return false;
  const address = value.slice(0, slash);
  const bits = value.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits) || address.includes("%")) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

export function validateIp(verdict: Verdict, field: Field): void {
  if (!isIpAddress(text(field))) reject(verdict, "MESH1224", field, { value: text(field) });
}

/** An address, or a block in CIDR notation. */
export function validateIpOrCidr(verdict: Verdict, field: Field): void {
  const value = text(field);
  if (!(value.includes("/") ? isCidr(value) : isIpAddress(value))) reject(verdict, "MESH1224", field, { value });
}
