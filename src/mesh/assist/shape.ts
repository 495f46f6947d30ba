/** What a field may hold, walkable alike from the API server's tables and from our Experiment. */
import { nodeAt, schemaOf } from "../schema/schema.ts";
import type { SchemaNode } from "../schema/schema-table.ts";

/** A schema written as a tree; rows of the generated table may stand in it as numbers. */
export interface Shape extends Omit<SchemaNode, "properties" | "items" | "values"> {
  properties?: Readonly<Record<string, Shape | number>>;
  items?: Shape | number;
  values?: Shape | number;
}

/** Shapes that other layers add, by "apiVersion/kind". */
export type KindShapes = Readonly<Record<string, Shape>>;

const text: Shape = { type: "string" };
const texts: Shape = { type: "object", values: text };

/** The table leaves metadata to Kubernetes; these are the fields that mean something to a mesh. */
const metadata: Shape = {
  type: "object",
  required: ["name"],
  open: true,
  properties: { name: text, namespace: text, labels: texts, annotations: texts },
};

/** @returns undefined for a kind nobody described. */
export function shapeOfKind(apiVersion: string, kind: string, extra: KindShapes = {}): Shape | undefined {
  const name = `${apiVersion}/${kind}`;
  const shape: Shape | undefined = extra[name] ?? schemaOf({ apiVersion, kind });
  if (!shape) return undefined;
  const { status: _status, ...properties } = shape.properties ?? {};
  return { ...shape, properties: { apiVersion: text, kind: text, ...properties, metadata } };
}

/** One step down: a field's name or the index of a list item. */
export function childShape(shape: Shape | undefined, step: string | number): Shape | undefined {
  if (!shape) return undefined;
  const next = typeof step === "number" ? shape.items : (shape.properties?.[step] ?? shape.values);
  return typeof next === "number" ? nodeAt(next) : next;
}

export function shapeAt(shape: Shape | undefined, path: readonly (string | number)[]): Shape | undefined {
  return path.reduce<Shape | undefined>(childShape, shape);
}
