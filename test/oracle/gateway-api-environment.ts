/** What surrounds the resources in istiod's conversion test (conversion_test.go): services, namespaces, certificates. */
import { parseResources, type Resource } from "../../src/mesh/index.ts";

const services = [
  "istio-system/istio-ingressgateway",
  "default/httpbin",
  "apple/httpbin-apple",
  "banana/httpbin-banana",
  "default/httpbin-second",
  "default/httpbin-wildcard",
  "default/foo-svc",
  "default/httpbin-other",
  "default/example",
  "default/echo",
  "cert/httpbin",
  "service/my-svc",
  "allowed-1/a-example",
  "allowed-2/a-example",
  "allowed-1/b-example",
  "allowed-1/svc2",
  "allowed-2/svc2",
  "allowed-1/svc1",
  "allowed-2/svc3",
  "default/svc4",
  "group-namespace1/httpbin",
  "group-namespace2/httpbin",
  "default/httpbin-zero",
  "istio-system/httpbin",
  "default/httpbin-mirror",
  "default/httpbin-foo",
  "default/httpbin-alt",
  "istio-system/istiod",
  "istio-system/echo",
  "default/httpbin-bad",
  "default/echo-1",
  "default/echo-2",
  "default/echo-port",
  "default/not-found",
];

const certificate = "-----BEGIN CERTIFICATE-----\nMIIB0zCCAX2gAwIBAgIJAI\n-----END CERTIFICATE-----\n";
const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIBOwIBAAJBANLJhPHh\n-----END RSA PRIVATE KEY-----\n";
const pair = { "tls.crt": certificate, "tls.key": key };
const broken = { "tls.crt": "SGVsbG8gd29ybGQK", "tls.key": "SGVsbG8gd29ybGQK" };

const secrets: Record<string, Record<string, string>> = {
  "istio-system/my-cert-http": { ...pair, "ca.crt": certificate },
  "ns2/ns2-cert": pair,
  "ns3/ns3-cert": pair,
  "ns4/ns4-cert": pair,
  "istio-system/my-cert-http2": pair,
  "cert/cert": pair,
  "istio-system/malformed": broken,
};
const configMaps: Record<string, Record<string, string>> = {
  "istio-system/malformed": { "not-ca.crt": "hello" },
  "istio-system/malformed-trustbundle": { "ca.crt": "hello" },
  "istio-system/my-cert-http": { "ca.crt": certificate },
  "default/malformed": { "not-ca.crt": "hello" },
  "default/auth-cert": { "ca.crt": certificate },
};

export const knownHosts = ["example.com", "google.com"];

/** @param namespaces those of the resources under test: each gets the label that the test's selectors read. */
export function environment(namespaces: Iterable<string>): Resource[] {
  const documents: unknown[] = [];
  const add = (kind: string, scoped: string, rest: object): void => {
    const [namespace, name] = scoped.split("/");
    documents.push({ apiVersion: "v1", kind, metadata: { name, namespace }, ...rest });
  };
  for (const scoped of services) {
    const ports = [
      { name: "http", port: 80 },
      { name: "tcp", port: 34_000 },
      { name: "tcp-other", port: 34_001 },
      ...(scoped.endsWith("/istio-ingressgateway") ? [{ name: "https", port: 443 }] : []),
    ];
    add("Service", scoped, { spec: { ports } });
  }
  for (const [scoped, data] of Object.entries(secrets)) {
    const encoded = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, btoa(value)]));
    add("Secret", scoped, { data: encoded });
  }
  for (const [scoped, data] of Object.entries(configMaps)) add("ConfigMap", scoped, { data });
  for (const name of new Set(namespaces)) {
    const labels = { "istio.io/test-name-part": name.split("-")[0] };
    documents.push({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  }
  const text = documents.map((one) => JSON.stringify(one)).join("\n---\n");
  return parseResources([{ name: "environment.yaml", text }]).resources;
}

/** Certificates that the suite's code creates before it applies its manifests. */
export function secretsOf(names: readonly string[]): Resource[] {
  const data = Object.fromEntries(Object.entries(pair).map(([name, value]) => [name, btoa(value)]));
  const text = names.map((name) => {
    const metadata = { name, namespace: "gateway-conformance-infra" };
    return JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata, data });
  });
  return parseResources([{ name: "secrets.yaml", text: text.join("\n---\n") }]).resources;
}
