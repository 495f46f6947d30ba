/** Whether servers demand mutual TLS. */
import type { FormKind } from "../form-kind.ts";
import { textAt } from "../form-world.ts";

export const peerAuthentication: FormKind = {
  apiVersion: "security.istio.io/v1",
  kind: "PeerAuthentication",
  services: (object) => [textAt(object, ["spec", "selector", "matchLabels", "app"])].filter(Boolean),
  groups: () => [
    {
      title: { key: "forms:mtls.title" },
      fields: [
        {
          path: ["spec", "mtls", "mode"],
          root: [],
          label: { key: "forms:mtls.mode" },
          control: { type: "choice", options: ["STRICT", "PERMISSIVE", "DISABLE"] },
          without: "PERMISSIVE",
        },
      ],
    },
  ],
  create: ({ name, namespace }) => ({
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name, ...(namespace === "default" ? {} : { namespace }) },
    spec: { selector: { matchLabels: { app: name } }, mtls: { mode: "STRICT" } },
  }),
};
