/**
 * Colours of diagrams by role. Mermaid computes with real colours, so each role is drawn in a colour of its own that
 * nothing else has; afterwards that colour becomes a CSS class whose custom property has a value in each theme.
 */

export type ColourRole =
  | "surface"
  | "node"
  | "node-line"
  | "group"
  | "group-line"
  | "note"
  | "note-line"
  | "line"
  | "text"
  | "muted"
  | "data"
  | "data-soft"
  | "control"
  | "control-soft"
  | "identity"
  | "identity-soft"
  | "failing"
  | "failing-soft"
  | "healthy"
  | "healthy-soft";

/** What Mermaid draws with. The values mean nothing to a reader: only that each is used once. */
export const sentinelColours: Readonly<Record<ColourRole, string>> = {
  surface: "#fefdfc",
  node: "#f0f1f2",
  "node-line": "#515253",
  group: "#f7f8f9",
  "group-line": "#818283",
  note: "#f3f2d1",
  "note-line": "#83825f",
  line: "#616263",
  text: "#111213",
  muted: "#414243",
  data: "#1155c1",
  "data-soft": "#d1e1f1",
  control: "#915101",
  "control-soft": "#f1e1c1",
  identity: "#912181",
  "identity-soft": "#f1d1e9",
  failing: "#b12121",
  "failing-soft": "#f1d1c9",
  healthy: "#117141",
  "healthy-soft": "#c9f1d1",
};

/** Classes a diagram may put on a node: `A:::control`. The names of the three hues and two states. */
export const nodeClasses = ["data", "control", "identity", "failing", "healthy"] as const;

/** Mermaid's configuration; part of a diagram's hash, so a change here makes every stored picture stale. */
export const mermaidConfig = {
  startOnLoad: false,
  securityLevel: "strict",
  deterministicIds: true,
  deterministicIDSeed: "meshwise",
  htmlLabels: false,
  theme: "base",
  look: "classic",
  // Arial's metrics exist on every system (Liberation Sans, Helvetica, Arimo), so text measured here fits there.
  fontFamily: "Arial, 'Liberation Sans', Helvetica, sans-serif",
  fontSize: 15,
  flowchart: {
    htmlLabels: false,
    curve: "basis",
    padding: 12,
    nodeSpacing: 36,
    rankSpacing: 44,
    wrappingWidth: 170,
    minNodeWidth: 24,
    useMaxWidth: false,
  },
  sequence: {
    useMaxWidth: false,
    mirrorActors: false,
    wrap: true,
    width: 150,
    actorMargin: 40,
    messageFontSize: 14,
    noteFontSize: 14,
  },
  state: { useMaxWidth: false, wrappingWidth: 170, minNodeWidth: 24 },
  class: { useMaxWidth: false, htmlLabels: false },
  timeline: { useMaxWidth: false, disableMulticolor: true },
  mindmap: { useMaxWidth: false },
  gantt: { useMaxWidth: false },
  themeVariables: {
    fontSize: "15px",
    background: sentinelColours.surface,
    primaryColor: sentinelColours.node,
    primaryTextColor: sentinelColours.text,
    primaryBorderColor: sentinelColours["node-line"],
    secondaryColor: sentinelColours.group,
    secondaryTextColor: sentinelColours.text,
    secondaryBorderColor: sentinelColours["group-line"],
    tertiaryColor: sentinelColours.group,
    tertiaryTextColor: sentinelColours.text,
    tertiaryBorderColor: sentinelColours["group-line"],
    lineColor: sentinelColours.line,
    textColor: sentinelColours.text,
    titleColor: sentinelColours.text,
    mainBkg: sentinelColours.node,
    nodeBorder: sentinelColours["node-line"],
    nodeTextColor: sentinelColours.text,
    clusterBkg: sentinelColours.group,
    clusterBorder: sentinelColours["group-line"],
    defaultLinkColor: sentinelColours.line,
    edgeLabelBackground: sentinelColours.surface,
    actorBkg: sentinelColours.node,
    actorBorder: sentinelColours["node-line"],
    actorTextColor: sentinelColours.text,
    actorLineColor: sentinelColours["group-line"],
    signalColor: sentinelColours.line,
    signalTextColor: sentinelColours.text,
    labelBoxBkgColor: sentinelColours.group,
    labelBoxBorderColor: sentinelColours["group-line"],
    labelTextColor: sentinelColours.text,
    loopTextColor: sentinelColours.text,
    noteBkgColor: sentinelColours.note,
    noteBorderColor: sentinelColours["note-line"],
    noteTextColor: sentinelColours.text,
    activationBkgColor: sentinelColours.group,
    activationBorderColor: sentinelColours["group-line"],
    sequenceNumberColor: sentinelColours.surface,
    transitionColor: sentinelColours.line,
    transitionLabelColor: sentinelColours.text,
    stateLabelColor: sentinelColours.text,
    stateBkg: sentinelColours.node,
    labelBackgroundColor: sentinelColours.surface,
    compositeBackground: sentinelColours.group,
    compositeTitleBackground: sentinelColours.group,
    compositeBorder: sentinelColours["group-line"],
    altBackground: sentinelColours.group,
    specialStateColor: sentinelColours.line,
    innerEndBackground: sentinelColours.surface,
    classText: sentinelColours.text,
    errorBkgColor: sentinelColours["failing-soft"],
    errorTextColor: sentinelColours.failing,
  },
} as const;

/** `classDef` lines for the kinds of diagram that know them. */
export function classDefinitions(): string {
  return nodeClasses
    .map(
      (name) =>
        `classDef ${name} fill:${sentinelColours[`${name}-soft`]},stroke:${sentinelColours[name]},color:${sentinelColours.text}`,
    )
    .join("\n");
}
