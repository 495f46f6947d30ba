/** What is wrong with a text that nobody took for a token (jwt_verify_lib's Jwt::parseFromString). Pure. */

const algorithms = /^(?:HS|RS|PS|ES)(?:256|384|512)$|^EdDSA$/;

export function formProblem(text: string): string {
  const parts = text.split(".");
  const [head, payload] = parts;
  if (parts.length !== 3 || parts.includes(""))
    return "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
  const header = decoded(head);
  if (header === undefined) return "Jwt header is an invalid Base64url encoded";
  const fields = objectIn(header);
  if (fields === undefined) return "Jwt header is an invalid JSON";
  if (typeof fields.alg !== "string") return "Jwt header [alg] field is required and must be a string";
  if (!algorithms.test(fields.alg)) return "Jwt header [alg] is not supported";
  if (fields.kid !== undefined && typeof fields.kid !== "string") return "Jwt header [kid] field is not a string";
  const said = decoded(payload);
  if (said === undefined) return "Jwt payload is an invalid Base64url encoded";
  return objectIn(said) === undefined ? "Jwt payload is an invalid JSON" : "Jwt signature is an invalid Base64url encoded";
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** One character a byte; blanks between letters do not count. */
function decoded(part = ""): string | undefined {
  const packed = part.replace(/\s/g, "");
  if (!/^[\w-]+$/.test(packed) || packed.length % 4 === 1) return undefined;
  let bytes = "";
  let bits = 0;
  let held = 0;
  for (const letter of packed) {
    held = ((held << 6) | letters.indexOf(letter)) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 0xff);
  }
  return bytes;
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
