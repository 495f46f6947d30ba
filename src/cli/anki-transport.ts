/** AnkiConnect from Node: a connection for each request, since the add-on ends it after its answer. No origin, so no permission. */
import { request } from "node:http";
import { AnkiRefusal, type AnkiTransport } from "#cards";

export function createNodeTransport(url: string): AnkiTransport {
  return (body, timeoutMs) =>
    new Promise((resolve, reject) => {
      let connected = false;
      const post = request(url, { method: "POST", agent: false, headers: { "Content-Length": Buffer.byteLength(body) } });
      const timer = setTimeout(() => {
        reject(new AnkiRefusal("NoAnswer", { seconds: Math.round(timeoutMs / 1000) }));
        post.destroy();
      }, timeoutMs);
      const fail = () => {
        clearTimeout(timer);
        reject(new AnkiRefusal(connected ? "Cut" : "NotRunning", { url }));
      };
      post.on("socket", (socket) => socket.once("connect", () => (connected = true)));
      post.on("error", fail);
      post.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("aborted", fail);
        response.on("error", fail);
        response.on("end", () => {
          clearTimeout(timer);
          if (!response.complete) return fail();
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
        });
      });
      post.end(body);
    });
}
