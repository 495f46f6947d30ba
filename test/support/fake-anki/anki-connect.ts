/**
 * AnkiConnect as it was recorded: origins, keys, versions, `multi`, and what goes wrong. `faults` are told by a test: a
 * connection that ends before or after a request was carried out, a dialog that nobody closes.
 */
import { AnkiRefusal, type AnkiTransport } from "#cards";
import { cardActions } from "./cards-actions.ts";
import { createCollection, deckId, type FakeCollection, mediaFolder } from "./collection.ts";
import { noteActions } from "./notes-actions.ts";
import { exportDeck, importPackage } from "./packages.ts";

export interface FakeSettings {
  now?: () => number;
  apiKey?: string;
  origins?: string[];
  /** What the person answers to the dialog; "wait": nobody is there. */
  permission?: "yes" | "no" | "wait";
  fsrs?: boolean;
  /** Logged in to AnkiWeb: what its sync answers. */
  ankiWeb?: "ok" | "conflict";
}

export interface FakeReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface FakeAnki {
  collection: FakeCollection;
  /** undefined: the connection ends without an answer, or nothing is answered at all. */
  request(body: string, origin?: string): FakeReply | undefined;
  preflight(headers: Readonly<Record<string, string>>): FakeReply;
  /** One action, as a test calls it. */
  act(action: string, params?: object): unknown;
  /** Every action that was carried out, in order; `multi` with its members. */
  calls: string[];
  /** The connection ends at the n-th request from now on; "after": Anki has done it, but says nothing. */
  cut(after: number, when?: "before" | "after"): void;
  transport: AnkiTransport;
  /** Another profile, or this one as it was: the same window goes on. */
  setCollection(collection: FakeCollection): void;
}

type Action = (params: never) => unknown;

export function createFakeAnki(settings: FakeSettings = {}): FakeAnki {
  const { now = Date.now, apiKey, fsrs = true } = settings;
  const origins = settings.origins ?? ["http://localhost"];
  const calls: string[] = [];
  let collection = createCollection(now);
  let actions = actionsOf(collection);
  let cut: { after: number; when: "before" | "after" } | undefined;

  function actionsOf(of: FakeCollection): Record<string, Action> {
    return { ...noteActions(of), ...cardActions(of, fsrs), ...fileActions(of), ...ownActions() } as Record<string, Action>;
  }

  function ownActions() {
    return {
      version: () => 6,
      getActiveProfile: () => "User 1",
      sync: () => {
        if (settings.ankiWeb === undefined) throw new Error("sync: auth not configured");
        if (settings.ankiWeb === "conflict") throw new Error("Sync status 3 not one of [0, 1]");
        return null;
      },
    };
  }

  function handle(request: { action?: string; version?: number; params?: object; key?: string }, origin?: string): unknown {
    const { action = "", version = 4, params = {} } = request;
    calls.push(action);
    try {
      if (apiKey !== undefined && request.key !== apiKey && action !== "requestPermission") {
        throw new Error("valid api key must be provided");
      }
      let result: unknown;
      if (action === "multi") result = (params as { actions: object[] }).actions.map((one) => handle(one));
      else if (action === "requestPermission") result = permission(origin);
      else if (Object.hasOwn(actions, action)) result = actions[action]!(params as never);
      else throw new Error("unsupported action");
      return version <= 4 ? result : { result, error: null };
    } catch (fault) {
      return { result: null, error: fault instanceof Error ? fault.message : String(fault) };
    }
  }

  function permission(origin: string | undefined) {
    const granted = { permission: "granted", requireApikey: apiKey !== undefined, version: 6 };
    if (isAllowed(origin)) return granted;
    if (settings.permission !== "yes") return { permission: "denied" };
    origins.push(origin!);
    return granted;
  }

  function isAllowed(origin: string | undefined): boolean {
    if (origin === undefined || origins.includes(origin)) return true;
    const isLocal = /^https?:\/\/127\.0\.0\.1$|^http:\/\/127\.0\.0\.1:|^(?:chrome|moz|safari-web)-extension:\/\//.test(origin);
    return isLocal && origins.includes("http://localhost");
  }

  function request(body: string, origin?: string): FakeReply | undefined {
    // This version lets an empty body hang.
    if (body === "") return undefined;
    const allowed = isAllowed(origin);
    const corsOrigin = allowed && origin !== undefined ? origin : "http://localhost";
    let parsed: { action?: string };
    try {
      parsed = JSON.parse(body);
    } catch {
      const error = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
      return reply(200, corsOrigin, JSON.stringify({ result: null, error }));
    }
    const asksPermission = parsed.action === "requestPermission";
    if (!allowed && !asksPermission) return reply(403, corsOrigin, "");
    if (!allowed && settings.permission === "wait") return undefined;
    return reply(200, allowed ? corsOrigin : origin!, JSON.stringify(handle(parsed, origin)));
  }

  return {
    get collection() {
      return collection;
    },
    calls,
    request,
    preflight(headers) {
      const origin = headers.Origin;
      const answer = reply(200, isAllowed(origin) && origin !== undefined ? origin : "http://localhost", "");
      if (headers["Access-Control-Request-Private-Network"] === "true") {
        answer.headers["Access-Control-Allow-Private-Network"] = "true";
      }
      return answer;
    },
    act(action, params = {}) {
      if (!Object.hasOwn(actions, action)) throw new Error(`unsupported action ${action}`);
      return actions[action]!(params as never);
    },
    cut(after, when = "before") {
      cut = { after, when };
    },
    setCollection(next) {
      collection = next;
      actions = actionsOf(next);
    },
    async transport(body) {
      const isCut = cut !== undefined && cut.after-- <= 0;
      const when = cut?.when;
      if (isCut) cut = undefined;
      if (isCut && when === "before") throw new AnkiRefusal("Cut");
      const answer = request(body);
      if (isCut || !answer) throw new AnkiRefusal("Cut");
      return { status: answer.status, text: answer.body };
    },
  };
}

function reply(status: number, origin: string, body: string): FakeReply {
  const headers: Record<string, string> = { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Headers": "*" };
  if (status === 200) {
    headers["Content-Type"] = "application/json";
    headers["Content-Length"] = String(Buffer.byteLength(body));
  }
  return { status, headers, body };
}

function fileActions(collection: FakeCollection) {
  const inMedia = (name: string) => `${mediaFolder}/${name.split("/").at(-1)}`;
  return {
    getMediaDirPath: () => mediaFolder,
    storeMediaFile: ({ filename, data }: { filename: string; data: string }) => {
      collection.files.set(inMedia(filename), Buffer.from(data, "base64"));
      return filename.split("/").at(-1);
    },
    retrieveMediaFile: ({ filename }: { filename: string }) => {
      const file = collection.files.get(inMedia(filename));
      return file ? Buffer.from(file).toString("base64") : false;
    },
    deleteMediaFile: ({ filename }: { filename: string }) => {
      collection.files.delete(inMedia(filename));
      return null;
    },
    exportPackage: ({ deck, path }: { deck: string; path: string }) => {
      const did = deckId(collection, deck);
      if (did === undefined) return false;
      collection.files.set(path, exportDeck(collection, did));
      return true;
    },
    importPackage: ({ path }: { path: string }) => {
      const file = path.startsWith("/") ? collection.files.get(path) : undefined;
      if (!file) throw new Error(`Failed to open '${path}': No such file or directory (os error 2)`);
      importPackage(collection, file);
      return true;
    },
  };
}
