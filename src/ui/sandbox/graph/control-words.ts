/** Control plane and CA in words: on their nodes, at the cards, for screen readers. */
import type { SandboxTexts } from "../texts.tsx";
import type { ControlLink, ControlNode, ControlPart } from "./control-model.ts";

/** What stands on a node beneath its name: state and what is behind. */
export function controlNotes(node: ControlNode, { version, proxies, expired }: ControlPart, texts: SandboxTexts): string[] {
  const { t } = texts;
  const state = t(`sandbox:control.state.${node.state}`);
  if (node.id === "authority") {
    return expired.length === 0 ? [state] : [state, t("sandbox:control.expired", { names: expired.join(", ") })];
  }
  const behind = proxies.filter((proxy) => proxy.state === "STALE").length;
  const refused = proxies.filter((proxy) => proxy.state === "NACK").length;
  return [
    state,
    version === 0 ? t("sandbox:control.noVersion") : t("sandbox:control.version", { version }),
    behind > 0 ? t("sandbox:control.behind", { count: behind }) : "",
    refused > 0 ? t("sandbox:control.refused", { count: refused }) : "",
  ].filter(Boolean);
}

export function controlSentence(node: ControlNode, part: ControlPart, texts: SandboxTexts): string {
  return [texts.t(`sandbox:control.name.${node.id}`), ...controlNotes(node, part, texts)].join(", ");
}

/** At a card: "v2", or how far it is behind; "" where there is nothing to tell. */
export function linkBadge({ version, config, certificates }: ControlLink, newest: number, texts: SandboxTexts): string {
  const sign = config === "current" ? "" : config === "behind" ? " ◐" : " ✕";
  const versions = newest === 0 ? "" : config === "current" ? `v${version}` : `v${version} < v${newest}${sign}`;
  return [versions, certificates === "expired" ? texts.t("sandbox:control.certExpired") : ""].filter(Boolean).join(" · ");
}
