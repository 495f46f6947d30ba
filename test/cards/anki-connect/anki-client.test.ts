import { describe, expect, test } from "vitest";
import { type AnkiFailureCode, type AnkiTransport, askPermission, createAnkiClient } from "#cards";
import { type BrowserProbe, diagnoseConnection } from "../../../src/cards/anki-connect/diagnose-connection.ts";
import { createFakeAnki } from "../../support/fake-anki/anki-connect.ts";

function answering(reply: (body: { action: string; version: number; key?: string; params?: object }) => unknown) {
  const bodies: { action: string; version: number; key?: string; params?: { actions?: object[] } }[] = [];
  let open = 0;
  let mostOpen = 0;
  const transport: AnkiTransport = async (body) => {
    mostOpen = Math.max(mostOpen, ++open);
    bodies.push(JSON.parse(body));
    await Promise.resolve();
    open--;
    const answer = reply(JSON.parse(body));
    return typeof answer === "object" && answer !== null && "status" in answer
      ? (answer as { status: number; text: string })
      : { status: 200, text: JSON.stringify(answer) };
  };
  return { transport, bodies, mostOpen: () => mostOpen };
}

async function codeOf(work: Promise<unknown>): Promise<AnkiFailureCode | undefined> {
  return work.then(
    () => undefined,
    (thrown) => thrown.failure?.code,
  );
}

describe("a request", () => {
  test("is of version 6, one at a time, with the key, in multi with it in every member", async () => {
    const anki = answering(({ action, params }) => ({
      result: action === "multi" ? (params as { actions: object[] }).actions.map(() => ({ result: [1], error: null })) : 6,
      error: null,
    }));
    const client = createAnkiClient({ transport: anki.transport, apiKey: "k" });
    const queries = Array.from({ length: 120 }, (_, i) => ({ query: `"Key:${i}"` }));
    const [, found] = await Promise.all([
      client.call("version"),
      client.callEach("findNotes", queries),
      client.call("deckNames"),
    ]);
    expect(found).toHaveLength(120);
    expect(anki.mostOpen()).toBe(1);
    const sizes = anki.bodies.map(({ action, params }) => params?.actions?.length ?? action);
    expect(sizes).toEqual(["version", 50, "deckNames", 50, 20]);
    for (const body of anki.bodies) {
      expect(body).toMatchObject({ version: 6, key: "k" });
      for (const member of body.params?.actions ?? []) expect(member).toMatchObject({ version: 6, key: "k" });
    }
  });

  test.each<[string, unknown, AnkiFailureCode]>([
    ["403 with an empty body", { status: 403, text: "" }, "OriginNotAllowed"],
    ["a page of something else", { status: 200, text: "<html>" }, "NotAnkiConnect"],
    ["a bare result", 6, "NotAnkiConnect"],
    ["no key", { result: null, error: "valid api key must be provided" }, "BadApiKey"],
    ["an error of Anki's", { result: null, error: "collection is not available" }, "AnkiError"],
  ])("that is answered with %s fails as %s says", async (_, reply, code) => {
    const { transport } = answering(() => reply);
    expect(await codeOf(createAnkiClient({ transport }).call("version"))).toBe(code);
  });

  test("is not sent once it was cancelled, and one fault does not stop the next request", async () => {
    const anki = createFakeAnki();
    const cancelled = new AbortController();
    const client = createAnkiClient({ transport: anki.transport, signal: cancelled.signal });
    expect(await codeOf(client.call("findNotes", { query: '"' }))).toBe("AnkiError");
    expect(await client.call("version")).toBe(6);
    cancelled.abort();
    expect(await codeOf(client.call("version"))).toBe("Cancelled");
    expect(anki.calls).toEqual(["findNotes", "version"]);
  });

  test("gives the person at the dialog three minutes", async () => {
    const patience: number[] = [];
    const transport: AnkiTransport = async (_body, timeoutMs) => {
      patience.push(timeoutMs);
      return { status: 200, text: '{"result": {"permission": "denied"}, "error": null}' };
    };
    expect(await askPermission(createAnkiClient({ transport }), () => undefined)).toMatchObject({
      ok: false,
      error: { code: "PermissionDenied" },
    });
    expect(patience).toEqual([180_000]);
  });
});

describe("a failed request of a page", () => {
  const probe = (over: Partial<BrowserProbe> & { permission?: PermissionState }): BrowserProbe => ({
    pageIsLocal: false,
    loopbackPermission: async () => over.permission,
    isListening: async () => false,
    ...over,
  });

  test.each<[string, BrowserProbe, string]>([
    ["nothing listens", probe({ permission: "granted" }), "NotRunning"],
    ["a browser that knows no such permission", probe({}), "NotRunning"],
    ["the browser forbids it", probe({ permission: "denied", isListening: async () => true }), "LoopbackDenied"],
    ["its question was put aside", probe({ permission: "prompt" }), "LoopbackUndecided"],
    ["Anki answers somebody else", probe({ permission: "granted", isListening: async () => true }), "OriginNotAllowed"],
    ["a page of this machine", probe({ pageIsLocal: true, permission: "prompt" }), "NotRunning"],
  ])("%s", async (_, given, code) => {
    expect(await diagnoseConnection(given)).toBe(code);
  });
});
