/** Who may call what: the conditions people use most, one source and one operation a rule; the rest stays in the text. */
import type { ValuePath } from "#base";
import type { FormControl, FormField, FormGroup, FormKind, FormLabel } from "../form-kind.ts";
import { indicesOf, textAt } from "../form-world.ts";

const list: FormControl = { type: "list" };

export const authorizationPolicy: FormKind = {
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  services: (object) => [textAt(object, ["spec", "selector", "matchLabels", "app"])].filter(Boolean),
  groups: (object) => {
    const rules = indicesOf(object, ["spec", "rules"]);
    return [
      {
        title: { key: "forms:policy.title" },
        fields: [
          {
            path: ["spec", "action"],
            root: ["spec"],
            label: { key: "forms:policy.action" },
            control: { type: "choice", options: ["ALLOW", "DENY", "AUDIT"] },
            without: "ALLOW",
          },
        ],
        changes: [{ label: { key: "forms:policy.addRule" }, path: ["spec", "rules", rules.length], value: newRule }],
      },
      ...rules.map((index) => ruleGroup(["spec", "rules", index], index)),
    ];
  },
  create: ({ name, namespace }) => ({
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name, ...(namespace === "default" ? {} : { namespace }) },
    spec: { selector: { matchLabels: { app: name } }, action: "ALLOW", rules: [newRule] },
  }),
};

/** An empty rule would allow everything: a new one starts narrow. */
const newRule = { to: [{ operation: { methods: ["GET"] } }] };

function ruleGroup(at: ValuePath, index: number): FormGroup {
  const field = (path: ValuePath, key: FormLabel["key"]): FormField => ({
    path: [...at, ...path],
    root: at,
    label: { key },
    control: list,
  });
  const from = ["from", 0, "source"] as const;
  const to = ["to", 0, "operation"] as const;
  return {
    title: { key: "forms:policy.rule", values: { number: index + 1 } },
    fields: [
      field([...from, "principals"], "forms:policy.principals"),
      field([...from, "namespaces"], "forms:policy.namespaces"),
      field([...to, "methods"], "forms:policy.methods"),
      field([...to, "paths"], "forms:policy.paths"),
    ],
    changes: [{ label: { key: "forms:policy.removeRule", values: { number: index + 1 } }, path: at }],
  };
}
