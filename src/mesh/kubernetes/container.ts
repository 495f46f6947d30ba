/** Containers of a Pod: names, ports, environment, probes, mounts (Kubernetes 1.35, pkg/apis/core/validation). */
import type { Finding } from "../diagnostics/finding.ts";
import { at, child, type Field, isSet, items, number, text } from "../resource/field.ts";
import { has, refuse } from "../schema/rule.ts";
import {
  checkAmong,
  checkDistinct,
  checkFormat,
  checkPort,
  checkPortOrName,
  checkRange,
  formats,
  requireFields,
} from "./format.ts";

const envName = /^[ -<>-~]+$/;
const headerName = /^[-A-Za-z0-9]+$/;
const actions = ["exec", "grpc", "httpGet", "tcpSocket"];
const fieldPaths =
  /^(?:metadata\.(?:name|namespace|uid|(?:labels|annotations)\['[^']+'\])|spec\.(?:nodeName|serviceAccountName)|status\.(?:hostIPs?|podIPs?))$/;
const keyOfData = /^[-._a-zA-Z0-9]{1,253}$/;
const resourceName = /^(?:cpu|memory|storage|ephemeral-storage|hugepages-.+|[^/]+\/.+)$/;
const envSources = ["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"];

const probes = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

export interface PodParts {
  readonly volumes: ReadonlySet<string>;
}

export function checkContainer(findings: Finding[], container: Field, pod: PodParts): void {
  requireFields(findings, container, "image");
  checkFormat(findings, child(container, "name"), formats.dnsLabel);
  checkAmong(findings, child(container, "imagePullPolicy"), ["Always", "IfNotPresent", "Never"]);
  checkContainerPorts(findings, items(child(container, "ports")));
  if (has(container, "env")) for (const variable of items(child(container, "env"))) checkVariable(findings, variable);
  for (const source of has(container, "envFrom") ? items(child(container, "envFrom")) : []) {
    exactlyOne(findings, source, ["configMapRef", "secretRef"]);
    for (const kind of ["configMapRef", "secretRef"]) {
      if (isSet(child(source, kind))) requireFields(findings, child(source, kind), "name");
    }
  }
  if (has(container, "volumeMounts")) checkMounts(findings, items(child(container, "volumeMounts")), pod);
  for (const kind of probes) if (has(container, kind)) checkProbe(findings, child(container, kind), kind);
  for (const hook of has(container, "lifecycle") ? ["postStart", "preStop"] : []) {
    const action = at(container, "lifecycle", hook);
    if (isSet(action)) checkAction(findings, action, ["exec", "httpGet", "sleep", "tcpSocket"]);
  }
  if (has(container, "resources")) checkResources(findings, child(container, "resources"));
  if (!has(container, "securityContext")) return;
  for (const name of ["runAsGroup", "runAsUser"]) checkRange(findings, at(container, "securityContext", name), 0, 2 ** 31 - 1);
}

function checkContainerPorts(findings: Finding[], ports: readonly Field[]): void {
  for (const port of ports) {
    checkFormat(findings, child(port, "name"), formats.portName);
    checkPort(findings, child(port, "containerPort"));
    if (number(child(port, "hostPort")) !== 0) checkPort(findings, child(port, "hostPort"));
    checkAmong(findings, child(port, "protocol"), ["SCTP", "TCP", "UDP"]);
  }
  checkDistinct(
    findings,
    ports.map((port) => child(port, "name")).filter((name) => text(name) !== ""),
    text,
  );
}

function checkVariable(findings: Finding[], variable: Field): void {
  const name = child(variable, "name");
  if (text(name) !== "" && !envName.test(text(name))) {
    refuse(findings, "MESH1105", name, { value: text(name), pattern: envName.source });
  }
  const source = child(variable, "valueFrom");
  if (!isSet(source)) return;
  exactlyOne(findings, source, envSources);
  const path = at(source, "fieldRef", "fieldPath");
  if (text(path) !== "" && !fieldPaths.test(text(path))) {
    refuse(findings, "MESH1105", path, { value: text(path), pattern: "metadata.name, spec.nodeName, status.podIP …" });
  }
  for (const kind of ["configMapKeyRef", "secretKeyRef"]) {
    const key = at(source, kind, "key");
    if (isSet(child(source, kind))) requireFields(findings, child(source, kind), "name");
    checkFormat(findings, at(source, kind, "name"), formats.objectName);
    if (text(key) !== "" && !keyOfData.test(text(key))) {
      refuse(findings, "MESH1105", key, { value: text(key), pattern: keyOfData.source });
    }
  }
  if (text(child(variable, "value")) !== "") refuse(findings, "MESH1111", source, { fields: "value, valueFrom" });
}

/** One of these, and no second one. */
function exactlyOne(findings: Finding[], owner: Field, names: readonly string[]): void {
  const present = names.filter((name) => has(owner, name) && isSet(child(owner, name)));
  if (present.length === 0) refuse(findings, "MESH1145", owner, { fields: names.join(", ") });
  if (present.length > 1) refuse(findings, "MESH1111", child(owner, present[1]!), { fields: present.join(", ") });
}

function checkMounts(findings: Finding[], mounts: readonly Field[], { volumes }: PodParts): void {
  for (const mount of mounts) {
    const name = child(mount, "name");
    if (text(name) !== "" && !volumes.has(text(name))) refuse(findings, "MESH1160", name, { value: text(name) });
    for (const part of ["subPath", "subPathExpr"]) {
      const path = child(mount, part);
      if (text(path).startsWith("/") || text(path).split("/").includes("..")) {
        refuse(findings, "MESH1105", path, { value: text(path), pattern: "relative path" });
      }
    }
  }
  checkDistinct(findings, mounts.map((mount) => child(mount, "mountPath")).filter(isSet), text);
}

function checkProbe(findings: Finding[], probe: Field, kind: string): void {
  if (!isSet(probe)) return;
  checkAction(findings, probe, actions);
  const numbers = ["failureThreshold", "initialDelaySeconds", "periodSeconds", "successThreshold", "timeoutSeconds"];
  for (const name of numbers) checkRange(findings, child(probe, name), 0);
  checkRange(findings, child(probe, "terminationGracePeriodSeconds"), 1);
  const successes = child(probe, "successThreshold");
  if (kind !== "readinessProbe" && number(successes) > 1) checkRange(findings, successes, 1, 1);
}

function checkAction(findings: Finding[], owner: Field, names: readonly string[]): void {
  exactlyOne(findings, owner, names);
  const http = child(owner, "httpGet");
  for (const action of [http, child(owner, "tcpSocket")]) if (isSet(action)) checkPortOrName(findings, child(action, "port"));
  checkAmong(findings, child(http, "scheme"), ["HTTP", "HTTPS"]);
  for (const header of items(child(http, "httpHeaders"))) {
    const name = child(header, "name");
    if (isSet(name) && !headerName.test(text(name))) {
      refuse(findings, "MESH1105", name, { value: text(name), pattern: headerName.source });
    }
  }
  const command = at(owner, "exec", "command");
  if (isSet(child(owner, "exec")) && !isSet(command)) refuse(findings, "MESH1103", command, { field: "command" });
  if (isSet(child(owner, "grpc"))) checkPort(findings, at(owner, "grpc", "port"));
}

const multipliers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

function amountOf(value: unknown): number {
  const [, digits = "", unit = ""] = /^([-+]?[\d.]+(?:[eE][-+]?\d+)?)([A-Za-z]*)$/.exec(String(value).trim()) ?? [];
  return Number(digits) * (multipliers[unit] ?? Number.NaN);
}

/** What is asked for cannot be more than what is allowed. */
function checkResources(findings: Finding[], resources: Field): void {
  for (const list of ["limits", "requests"]) {
    for (const name of Object.keys((child(resources, list).value ?? {}) as object)) {
      const amount = at(resources, list, name);
      if (!resourceName.test(name))
        refuse(findings, "MESH1105", amount, { value: name, pattern: "cpu, memory, example.com/gpu" });
      if (amountOf(amount.value) < 0) refuse(findings, "MESH1107", amount, { value: String(amount.value), minimum: 0 });
      const limit = at(resources, "limits", name);
      if (list === "requests" && isSet(limit) && amountOf(amount.value) > amountOf(limit.value)) {
        refuse(findings, "MESH1106", amount, { value: String(amount.value), minimum: 0, maximum: String(limit.value) });
      }
    }
  }
}
