/**
 * What a reader downloads, brotli. The sum is taken from the built page itself: what its scripts import at once is its first use.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const assets = "dist/_astro/";
const names = existsSync(assets) ? readdirSync(assets) : [];

/** Files by the start of their name: the rest is a hash. */
const named = (...starts) => names.filter((name) => starts.some((start) => name.startsWith(start)));

/** Files of the site that a text names: `"/_astro/x.js"`, `"./x.js"`, `"x.js"`. */
function mentioned(text, pattern) {
  return [...text.matchAll(pattern)].map(([, name]) => name).filter((name) => names.includes(name));
}

const inPage = /\/_astro\/([\w.-]+\.(?:js|css))/g;
const atOnce = /(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g;

/** @param pattern what counts as an import. */
function reached(starts, pattern) {
  const found = new Set();
  const waiting = [...starts];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    if (name.endsWith(".js")) waiting.push(...mentioned(readFileSync(assets + name, "utf8"), pattern));
  }
  return [...found];
}

const page = "dist/en/sandbox/index.html";
const ofPage = (file) => (existsSync(file) ? mentioned(readFileSync(file, "utf8"), inPage) : []);
const firstUse = reached([...ofPage(page), ...named("simulation-worker-", "en.")], atOnce);
const files = (list) => [page, ...list.map((name) => assets + name)];

/** Of the larger language: what the sandbox loads when everything in it is opened, whatever it is asked for and in any order. */
const largerPage = "dist/ru/sandbox/index.html";
const anyMention = /["'`/]([\w.-]+\.(?:js|css))["'`]/g;
/** Levels are content, as a lesson's text is: their list and the files of one come when they are asked for. */
const ofLevel = /^(?:start|experiment|solution)\./;
/** Another dialect than Istio's, in chunks of its own: fetched where a text holds Envoy's own configuration. */
const ofEnvoy = /^(?:judge-bootstrap|judge-formats|envoy-readers|own-log-text)/;
/** Texts of the other language, and those that the page says it does without (data-texts). */
const notAsked = (name) =>
  /^(?:en\.|(?:en|ru)-others\.)/.test(name) ||
  (/^(?:fields|tools)\./.test(name) && !/[а-я]/.test(readFileSync(assets + name, "utf8")));

/** Every import is followed, but of the card layer the sandbox calls for progress alone: its other parts stand behind calls of other pages. */
function openedInAll() {
  const found = new Set();
  const waiting = [...ofPage(largerPage)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || ofLevel.test(name) || ofEnvoy.test(name) || notAsked(name)) continue;
    found.add(name);
    if (!name.endsWith(".js")) continue;
    const text = readFileSync(assets + name, "utf8").replace(/const __vite__mapDeps=.*?;import/s, "import");
    if (name.startsWith("cards.")) waiting.push(...mentioned(text, atOnce), ...named("progress-store."));
    else waiting.push(...mentioned(text, anyMention));
  }
  return [largerPage, ...[...found].map((name) => assets + name)];
}

/** What comes by itself after the first use: the editor, the worker that reads its text, the charts of a run. */
const standing = [...new Set([...firstUse, ...reached(named("code-mirror.", "mesh-worker-", "ChartsPanel."), atOnce)])];

export default [
  { name: "sandbox, first use: graph and numbers of the page's example", path: files(firstUse), limit: "300 kB" },
  { name: "sandbox with its editor, both workers and charts", path: files(standing), limit: "600 kB" },
  { name: "sandbox, everything in it opened, levels apart", path: openedInAll(), limit: "595 kB" },
  { name: "simulation worker", path: `${assets}simulation-worker-*.js`, limit: "80 kB" },
  {
    name: "mesh worker (YAML, lint, translation: Istio and the Gateway API)",
    path: `${assets}mesh-worker-*.js`,
    limit: "200 kB",
  },
  { name: "readers of Envoy's own configuration, loaded with one", path: `${assets}envoy-readers*.js`, limit: "28 kB" },
  { name: "fields of an Envoy bootstrap, loaded with one", path: `${assets}judge-bootstrap*.js`, limit: "20 kB" },
  { name: "formats in an Envoy bootstrap, loaded with one", path: `${assets}judge-formats*.js`, limit: "4 kB" },
  { name: "lines of a bootstrap's own access logs, loaded with one", path: `${assets}own-log-text*.js`, limit: "3 kB" },
  { name: "charts, loaded after the graph", path: `${assets}ChartsPanel.*.js`, limit: "6 kB" },
  { name: "editor, loaded after the graph", path: `${assets}code-mirror.*.js`, limit: "140 kB" },
  {
    name: "export to Anki, without SQLite",
    path: ["export-worker-*", "write-apkg-*"].map((name) => `${assets}${name}.js`),
    limit: "40 kB",
  },
  {
    name: "a run as files and picture, loaded when asked for",
    path: ["TakeAwayPanel.*", "export-run-*"].map((name) => `${assets}${name}.js`),
    limit: "8 kB",
  },
  {
    name: "scripts of a lesson before anything is opened",
    path: ["page.*", "starlight-toc.*", "open-experiment.*", "*Experiment.astro*", "MobileTableOfContents*"].map(
      (name) => `${assets}${name}.js`,
    ),
    limit: "10 kB",
  },
];
