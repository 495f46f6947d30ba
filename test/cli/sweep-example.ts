/** A small experiment to sweep over, and the whole sweep of it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callCli } from "./call-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "meshwise-sweep-"));

export function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const experiment = (goal: string) => `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: queue }
spec:
  seed: 5
  duration: 4s
  workloads:
  - { name: a }
  - { name: b, service: b, labels: { app: b }, behaviour: { serviceTime: { exponential: 5ms }, concurrency: 1 } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 50/s, requests: 60 }]
  ${goal}
`;
export const queue = file("queue.yaml", experiment("expect: [{ metric: meanMs, traffic: t, atMost: 8 }]"));
export const grid = ["--param", "spec.traffic[0].rate=20/s,150/s", "--param", "spec.workloads[1].replicas=1,2"];
/** Of four cells with three runs each. */
export const sweep = (...args: string[]) => callCli(["sweep", queue, ...grid, "--runs", "3", ...args]);
