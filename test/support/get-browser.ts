/**
 * Sees to a browser before the journeys ask for one, beside the other checks: on Debian as root (a container) the headless
 * shell is fetched even where a whole Chromium stands, since the journeys take two thirds of the time in it. Says which one
 * will be used; fails where there is none.
 */
import { findChromium, findHeadlessShell, installDebian } from "./chromium.ts";

if (findHeadlessShell() === undefined) installDebian(["chromium-headless-shell"]);
console.log(findChromium());
