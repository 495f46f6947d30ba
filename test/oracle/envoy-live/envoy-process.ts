/** What every question to a running Envoy needs: that it listens, and what it writes down of each request. */
import type { ChildProcess } from "node:child_process";
import { connect } from "node:net";

/** @returns false when the process ended, or does not listen there within ten seconds. */
export async function listensAt(proxy: ChildProcess, host: string, port: number): Promise<boolean> {
  for (let left = 200; left > 0 && proxy.exitCode === null; left--) {
    if (await accepts(host, port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** An access log of one JSON object a line. @param fields by name, with Envoy's operators */
export function accessLogTo(path: string, fields: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    name: "file",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
      path,
      log_format: { json_format: fields },
    },
  };
}
