/** The shape of the generated tables: what the API server knows of a kind's fields. Plain data. */
export interface SchemaNode {
  type: "object" | "array" | "string" | "integer" | "number" | "boolean" | "intOrString" | "quantity" | "any";
  /** Rows of the table, by field. */
  properties?: Record<string, number>;
  items?: number;
  /** An object of any fields. */
  open?: boolean;
  /** Maps: every value's row. */
  values?: number;
  required?: string[];
  enum?: string[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  nullable?: boolean;
  /** Kubernetes' own types: null and "" are the same as nothing, whole numbers have 32 bits where they say so. */
  zeroIsAbsent?: boolean;
  /** Fields of which no two may stand together. */
  atMostOne?: string[];
  atMostOneGroups?: string[][];
  /** Keys that make list items distinct. */
  listKeys?: string[];
}

export interface SchemaTable {
  nodes: SchemaNode[];
  /** "networking.istio.io/v1/VirtualService" → row. */
  kinds: Record<string, number>;
}
