/**
 * What Envoy's own reader of YAML makes of plain scalars (`parseYamlNode`), by the field they stand for: refused where it is of another kind
 * than the field's.
 */
const fields: Readonly<Record<string, (value: string) => string>> = {
  number: (value) => `per_connection_buffer_limit_bytes: ${value}`,
  text: (value) => `alt_stat_name: ${value}`,
  double: (value) => `common_lb_config: { healthy_panic_threshold: { value: ${value} } }`,
  enumeration: (value) => `lb_policy: ${value}`,
  flag: (value) => `ignore_health_on_host_removal: ${value}`,
};

const scalars = [
  ..."10 010 08 0x10 0X1F 0o10 0b11 1_000 0x1_0 +5 -5 +0 -0 00 3 03 0x3 3.0 +3 1e2 1E2 1e-1 10. 10.0 1.5 .5 0x 0xg 1,000".split(
    " ",
  ),
  ..."-0x10 .inf -.inf .nan inf nan 2147483647 2147483648 -2147483648 -2147483649 4294967296 true yes on y off null ~".split(" "),
];

export interface YamlCase {
  name: string;
  text: string;
}

export const yamlCases: readonly YamlCase[] = Object.entries(fields).flatMap(([kind, write]) =>
  scalars.map((value) => ({
    name: `yaml: ${value} for a ${kind}`,
    text: `static_resources:\n  clusters:\n    - name: one\n      type: STATIC\n      connect_timeout: 1s\n      ${write(value)}\n`,
  })),
);
