/** The fake AnkiConnect on a port of this machine, one request a connection, for the command line and for browsers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { FakeAnki } from "./anki-connect.ts";

export interface FakeServer {
  url: string;
  close(): Promise<void>;
}

/** @param port 0: any that is free */
export async function serveFakeAnki(anki: FakeAnki, port = 0): Promise<FakeServer> {
  const server = createServer(async (request, response) => {
    const { origin } = request.headers;
    const body = await text(request);
    if (request.method === "OPTIONS") {
      const asked = request.headers["access-control-request-private-network"];
      const { headers } = anki.preflight({
        ...(origin === undefined ? {} : { Origin: origin }),
        ...(asked === undefined ? {} : { "Access-Control-Request-Private-Network": String(asked) }),
      });
      return void response.writeHead(200, { ...headers, Connection: "close" }).end();
    }
    const answer = anki.request(body, origin);
    // Nothing is answered: the dialog is open, or the add-on let the request hang.
    if (!answer) return;
    response.writeHead(answer.status, { ...answer.headers, Connection: "close" }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
