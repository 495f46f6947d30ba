/** The little of mdast and hast that the plugins touch, walking it, and building JSX nodes. Knows no lesson. */

export interface TreeNode {
  type: string;
  /** JSX and hast elements. */
  name?: string | null;
  tagName?: string;
  properties?: Record<string, unknown>;
  attributes?: JsxAttribute[];
  children?: TreeNode[];
  value?: string;
  lang?: string | null;
  depth?: number;
  position?: { start: { line: number } };
  data?: Record<string, unknown>;
}

export interface JsxAttribute {
  type: "mdxJsxAttribute";
  name: string;
  value: string | null;
}

/** Calls `visit` for every node below `root`, parents first. */
export function walk(root: TreeNode, visit: (node: TreeNode, parent: TreeNode) => void): void {
  for (const child of [...(root.children ?? [])]) {
    visit(child, root);
    walk(child, visit);
  }
}

export function isJsx(node: TreeNode, name?: string): boolean {
  return (node.type === "mdxJsxFlowElement" || node.type === "mdxJsxTextElement") && (name === undefined || node.name === name);
}

/** The text of a JSX attribute; undefined when absent or written as an expression. */
export function attributeOf(node: TreeNode, name: string): string | undefined {
  const value = node.attributes?.find((attribute) => attribute.name === name)?.value;
  return typeof value === "string" ? value : undefined;
}

/** Adds texts as attributes; strings only, so that nothing in a page is ever evaluated. */
export function giveAttributes(node: TreeNode, values: Readonly<Record<string, string>>): void {
  node.attributes = [
    ...(node.attributes ?? []),
    ...Object.entries(values).map(([name, value]): JsxAttribute => ({ type: "mdxJsxAttribute", name, value })),
  ];
}

export function jsxElement(name: string, values: Readonly<Record<string, string>>): TreeNode {
  const node: TreeNode = { type: "mdxJsxFlowElement", name, attributes: [], children: [] };
  giveAttributes(node, values);
  return node;
}

/** The words of a node and everything in it. */
export function textOf(node: TreeNode): string {
  return node.value ?? (node.children ?? []).map(textOf).join("");
}

/** `import * as <local> from "<source>"` as MDX keeps it: a node with its own syntax tree. */
export function importNode(local: string, source: string): TreeNode {
  return {
    type: "mdxjsEsm",
    value: "",
    data: {
      estree: {
        type: "Program",
        sourceType: "module",
        comments: [],
        body: [
          {
            type: "ImportDeclaration",
            specifiers: [{ type: "ImportNamespaceSpecifier", local: { type: "Identifier", name: local } }],
            source: { type: "Literal", value: source, raw: JSON.stringify(source) },
            attributes: [],
          },
        ],
      },
    },
  };
}

/** At the lesson's end, before the heading of its sources. */
export function putBeforeSources(root: TreeNode, node: TreeNode): void {
  const children = root.children ?? [];
  const sources = children.findIndex((child) => isJsx(child, "Sources"));
  const heading = sources > 0 && children[sources - 1]?.type === "heading" ? sources - 1 : sources;
  children.splice(heading >= 0 ? heading : children.length, 0, node);
}
