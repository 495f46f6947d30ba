/**
 * What an unquoted YAML scalar means to Kubernetes: go-yaml v2 under sigs.k8s.io/yaml (its resolve.go), which is neither
 * YAML 1.1 nor 1.2: `yes` and `on` are booleans, `0777` is octal, dates stay text. Never used for quoted scalars.
 */
const words: ReadonlyMap<string, boolean | null> = new Map([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
]);

const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/;
const octal = /^([-+]?)0o?([0-7]+)$/;
const hexadecimal = /^([-+]?)0[xX]([0-9a-fA-F]+)$/;
const binary = /^([-+]?)0[bB]([01]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

export function resolvePlainScalar(source: string): string | number | boolean | null {
  const word = words.get(source);
  if (word !== undefined) return word;
  const first = source.charCodeAt(0);
  // Numbers start with a digit, a sign or a dot; everything else is text.
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)) return source;
  const plain = source.includes("_") ? source.replaceAll("_", "") : source;
  if (decimal.test(plain)) return Number(plain);
  for (const [form, radix] of [
    [octal, 8],
    [hexadecimal, 16],
    [binary, 2],
  ] as const) {
    const parts = form.exec(plain);
    if (parts) return (parts[1] === "-" ? -1 : 1) * Number.parseInt(parts[2]!, radix);
  }
  return float.test(plain) ? Number(plain) : source;
}
