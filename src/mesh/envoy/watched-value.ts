/**
 * Parsed YAML that remembers which fields were read, so that what nobody read can be named instead of silently dropped.
 * Protobuf's YAML takes snake_case and camelCase alike: a snake_case name also finds the camelCase field.
 */
import type { Path } from "../translation/field.ts";

export interface WatchedValue {
  value: unknown;
  /** The topmost fields that were never read; in the order written. */
  unread: () => Path[];
}

export function watchReads(root: unknown): WatchedValue {
  const read = new Set<string>();
  const wrapped = new WeakMap<object, object>();
  const wrap = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (value === null || typeof value !== "object") return value;
    const known = wrapped.get(value);
    if (known) return known;
    const proxy = new Proxy(value, {
      get(target, key, receiver) {
        if (typeof key === "symbol") return Reflect.get(target, key, receiver);
        const written = Array.isArray(target) ? key : spelling(target, key);
        if (Array.isArray(target) && !/^\d+$/.test(key)) return Reflect.get(target, key, receiver);
        const step = Array.isArray(target) ? Number(key) : written;
        const below = [...path, step];
        read.add(JSON.stringify(below));
        return wrap(Reflect.get(target, written), below);
      },
    });
    wrapped.set(value, proxy);
    return proxy;
  };
  return {
    value: wrap(root, []),
    unread: () => {
      const missed: Path[] = [];
      collect(root, [], read, missed);
      return missed;
    },
  };
}

function spelling(target: object, key: string): string {
  if (key in target) return key;
  const camel = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return camel in target ? camel : key;
}

function collect(value: unknown, path: Path, read: ReadonlySet<string>, missed: Path[]): void {
  if (value === null || typeof value !== "object") return;
  const steps: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const step of steps) {
    const below = [...path, step];
    if (read.has(JSON.stringify(below))) collect((value as Record<string | number, unknown>)[step], below, read, missed);
    else missed.push(below);
  }
}
