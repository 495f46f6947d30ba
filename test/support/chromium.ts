/**
 * Finds a Chromium for the browser tests, or installs one: CHROMIUM_PATH, then PATH, then the Debian/Ubuntu package when
 * root, then Playwright's own download. Where nothing works it says what to install. The headless shell goes first: it has
 * the same engine without a window around it, and the journeys take two thirds of the time.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright";

const names = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];

/** @returns the path of an executable Chromium; throws with what to do where none can be had. */
export function findChromium(): string {
  const found = fromEnvironment() ?? fromPath() ?? fromDebian() ?? fromPlaywright();
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

function fromPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

function fromDebian(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return undefined;
  console.error("Chromium is not here: installing the Debian package …");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-q"], { stdio: "ignore", env: environment });
  for (const packaged of ["chromium-headless-shell", "chromium"]) {
    spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", packaged], { stdio: "ignore", env: environment });
    const installed = fromPath();
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
