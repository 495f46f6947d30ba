/**
 * Who may import whom. One table expands into named rules; the comment of each says what to do instead.
 * Across layers only through a layer's index.ts (the "#layer" imports of package.json); no cycles.
 */
const layers = {
  base: [],
  engine: ["base"],
  mesh: ["base", "engine"],
  scenario: ["base", "engine", "mesh"],
  protocol: ["base", "engine", "mesh", "scenario"],
  worker: ["base", "engine", "mesh", "scenario", "protocol"],
  i18n: ["base"],
  cards: ["base"],
  lessons: ["base", "i18n", "cards", "scenario", "mesh"],
  ui: ["base", "protocol", "cards", "i18n"],
  layouts: ["base", "ui", "i18n", "lessons", "worker"],
  pages: ["base", "ui", "lessons", "i18n", "layouts", "cards", "scenario", "worker"],
};

/** What a layer may use of another as types only: erased before anything runs. */
const typesOnly = { ui: ["engine", "mesh", "scenario", "lessons"], cards: [], protocol: [] };

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports`,
  comment: `${layer} may use ${allowed.join(", ") || "nothing"} only: move the code to the layer it belongs to, or pass what it needs in.`,
  severity: "error",
  from: { path: `^src/${layer}/` },
  to: {
    path: "^src/(?!content)[^/]+/",
    pathNot: [layer, ...allowed, ...(typesOnly[layer] ?? [])].map((name) => `^src/${name}/`),
  },
}));

const typeRules = Object.entries(typesOnly)
  .filter(([, names]) => names.length > 0)
  .map(([layer, names]) => ({
    name: `${layer}-types-only`,
    comment: `${layer} sees ${names.join(", ")} as types only (import type): the worker runs them.`,
    severity: "error",
    from: { path: `^src/${layer}/` },
    to: { path: `^src/(${names.join("|")})/`, dependencyTypesNot: ["type-only"] },
  }));

export default {
  forbidden: [
    ...layerRules,
    ...typeRules,
    {
      name: "through-the-index",
      comment: "Across layers import the layer's index (#layer), not a file inside it: the index is what the layer promises.",
      severity: "error",
      from: { path: "^src/([^/]+)/" },
      to: {
        path: "^src/(base|engine|mesh|scenario|protocol|cards|lessons|i18n)/",
        pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$", "\\.json$"],
      },
    },
    {
      name: "no-cycles",
      comment: "Two files that need each other are one idea or need a third: split what both use.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "engine-is-pure",
      comment: "The engine has no packages, no Node and no DOM: pass what it needs in as data.",
      severity: "error",
      from: { path: "^src/(engine|base)/" },
      to: { dependencyTypes: ["npm", "npm-dev", "core"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
