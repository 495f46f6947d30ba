/** Every page of the built site, as its address. */
import { readdirSync } from "node:fs";

export function listRoutes(): string[] {
  return readdirSync("dist", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("index.html") || file === "404.html")
    .map((file) => `/${file.replaceAll("\\", "/").replace(/index\.html$/, "")}`)
    .sort();
}

/** Pages that exist many times over, alike: the lessons of a module, the questions of a topic, the exhibits. */
const modules = readdirSync("content/en", { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

function kindOf(route: string): string {
  const [language = "", first = "", second = ""] = route.split("/").filter((part) => part !== "");
  if (second === "") return `${language}/${first}`;
  if (first === "drills") return `${language}/drill`;
  if (first === "museum") return `${language}/exhibit`;
  if (first === "interview" && modules.includes(second)) return `${language}/questions`;
  return modules.includes(first) && first !== "interview" ? `${language}/lesson` : `${language}/${first}/${second}`;
}

/** One page of each kind and language where time is short, every page when everything is verified. */
export function routesToVisit(): string[] {
  const routes = listRoutes();
  if (process.env.MESHWISE_SPEED === "verify") return routes;
  return [...new Map(routes.toReversed().map((route) => [kindOf(route), route])).values()].reverse();
}
