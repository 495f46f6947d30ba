/**
 * Finds a Chromium for the browser tests, or installs one: CHROMIUM_PATH, then PATH, then the Debian/Ubuntu package when
 * root, then Playwright's own download. Where nothing works it says what to install. The headless shell goes first: it has
 * the same engine without a window around it, and the journeys take two thirds of the time.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright";

const headlessShell = "chromium-headless-shell";
const names = [headlessShell, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
/** A package takes some twenty seconds; a registry that does not answer must not hold up the journeys. */
const patienceMs = 120_000;

/** @returns the path of an executable Chromium; throws with what to do where none can be had. */
export function findChromium(): string {
  const found = fromEnvironment() ?? fromPath(names) ?? installDebian([headlessShell, "chromium"]) ?? fromPlaywright();
  if (found === undefined) {
    throw new Error(
      "No Chromium found. Install one (Debian: apt-get install chromium; macOS: brew install --cask chromium; anywhere: npx playwright install chromium) or set CHROMIUM_PATH to its executable.",
    );
  }
  return found;
}

function fromEnvironment(): string | undefined {
  const path = process.env.CHROMIUM_PATH;
  if (!path) return undefined;
  if (!isExecutable(path)) throw new Error(`CHROMIUM_PATH names ${path}, which is not an executable file.`);
  return path;
}

export function findHeadlessShell(): string | undefined {
  return fromPath([headlessShell]);
}

function fromPath(wanted: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of wanted) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/** @returns the path of the first of the packages that could be installed; undefined elsewhere than on Debian as root */
export function installDebian(packages: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return undefined;
  console.error(`Installing the Debian package ${packages.join(" or ")} …`);
  const settings = { stdio: "ignore", timeout: patienceMs, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  spawnSync("apt-get", ["update", "-q"], settings);
  for (const name of packages) {
    spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", name], settings);
    const installed = fromPath([name]);
    if (installed !== undefined) return installed;
  }
  return undefined;
}

function fromPlaywright(): string | undefined {
  if (isExecutable(chromium.executablePath())) return chromium.executablePath();
  console.error("Asking Playwright for a Chromium …");
  spawnSync(process.execPath, [join("node_modules", "playwright", "cli.js"), "install", "chromium"], { stdio: "inherit" });
  return isExecutable(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
