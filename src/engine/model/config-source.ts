/**
 * Where a piece of configuration was written. Every compiled rule carries it, so that "why?" can point at the YAML line.
 * Absent means: nobody wrote it, it is a default of the control plane or of the proxy.
 */
export interface ConfigSource {
  kind: string;
  name: string;
  namespace: string;
  /** Path inside the resource, e.g. "spec.http[0].route[1].weight". */
  path: string;
  /** File the text came from; "" for pasted text. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
}
