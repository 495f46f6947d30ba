/** Every page of the built site, as its address. */
import { readdirSync } from "node:fs";

export function listRoutes(): string[] {
  return readdirSync("dist", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("index.html") || file === "404.html")
    .map((file) => `/${file.replaceAll("\\", "/").replace(/index\.html$/, "")}`)
    .sort();
}

/** One page of each kind and language where time is short, every page when everything is verified. */
export function routesToVisit(): string[] {
  const routes = listRoutes();
  if (process.env.MESHWISE_SPEED === "verify") return routes;
  const kinds = new Map<string, string>();
  for (const route of routes) {
    const [language = "", first = "", second = ""] = route.split("/").filter((part) => part !== "");
    const kind = second === "" ? `${language}/${first}` : `${language}/lesson`;
    if (!kinds.has(kind)) kinds.set(kind, route);
  }
  return [...kinds.values()];
}
