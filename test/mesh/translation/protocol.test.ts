import { expect, test } from "vitest";
import { protocolOfPort } from "../../../src/mesh/translation/protocol.ts";

test.each([
  [80, "http", "TCP", undefined, "http"],
  [80, "http-web", "TCP", undefined, "http"],
  [80, "httpweb", "TCP", undefined, "sniffed"],
  [80, "", "TCP", undefined, "sniffed"],
  [9000, "grpc-web-api", "TCP", undefined, "grpc-web"],
  [9000, "grpc", "TCP", undefined, "grpc"],
  [3306, "db", "TCP", undefined, "tcp"],
  [3306, "http-db", "TCP", undefined, "http"],
  [53, "dns", "UDP", undefined, "udp"],
  [80, "tcp-x", "TCP", "http2", "http2"],
  [80, "http", "TCP", "tcp", "tcp"],
  [80, "web", "TCP", "kubernetes.io/h2c", "http2"],
])("port %i named %j over %s, appProtocol %s, speaks %s", (port, name, transport, appProtocol, expected) => {
  expect(protocolOfPort(port, name, transport, appProtocol)).toBe(expected);
});
