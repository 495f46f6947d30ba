/** A claim as a header of its own carries it (AuthenticatorImpl::addJWTClaimToHeader): plain, or JSON in base64. Pure. */

/** @returns "": the header is not made */
export function claimText(value: unknown): string {
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberText(value);
  return typeof value === "object" && value !== null ? base64(jsonOf(value)) : "";
}

/** From here on a number is no unsigned integer of 64 bits. */
const beyond = 2 ** 64;

/** As std::to_string: whole numbers as they are, others with six decimals. */
function numberText(value: number): string {
  const isWhole = Number.isInteger(value);
  if (isWhole && value >= 0 && value < beyond) return String(BigInt(value));
  return isWhole ? `${BigInt(value)}.000000` : value.toFixed(6);
}

/** As protobuf's JSON writer: members in an order of its own, for which there is no rule; here as they are written. */
function jsonOf(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return shortest(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, below]) => `${quoted(key)}:${jsonOf(below)}`)
    .join(",")}}`;
}

/** Letters that could be markup, or that JavaScript takes for ends of lines, are escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>\u007f-\u009f\u00ad\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** As printf's %g with the fewer of 15 or 17 digits that read back as the same number. */
function shortest(value: number): string {
  const digits = Number(value.toPrecision(15)) === value ? 15 : 17;
  const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < digits)
    return String(Number(value)).includes("e") ? plain(value, digits - 1 - power) : String(value);
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${short}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function plain(value: number, decimals: number): string {
  return value.toFixed(Math.max(0, decimals)).replace(/\.?0+$/, "");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(text: string): string {
  const bytes = [...encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g)].map(([, hex, letter = ""]) =>
    hex === undefined ? letter.charCodeAt(0) : Number.parseInt(hex, 16),
  );
  let written = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let j = 0; j < 4; j++) written += i + j > bytes.length ? "=" : (alphabet[(group >> (18 - 6 * j)) & 63] ?? "");
  }
  return written;
}
