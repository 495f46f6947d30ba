/**
 * First contact from a page. Anki is asked for permission even when it may have given it already: then it answers at once,
 * otherwise it shows a dialog and answers when a person has closed it.
 */
import { err, ok, type Result } from "#base";
import type { AnkiClient } from "./anki-client.ts";
import { type AnkiFailure, ankiFailureFrom } from "./anki-failure.ts";

const oldestVersion = 6;
/** Anki answers a listed origin well within this; afterwards the page says "look at the Anki window". */
const dialogLikelyAfterMs = 1_200;

export interface Connection {
  needsApiKey: boolean;
}

/** @param onDialog called when the answer takes as long as only a dialog can make it */
export async function askPermission(client: AnkiClient, onDialog: () => void): Promise<Result<Connection, AnkiFailure>> {
  const timer = setTimeout(onDialog, dialogLikelyAfterMs);
  try {
    const { permission, requireApikey = false, version = oldestVersion } = await client.call("requestPermission");
    if (permission !== "granted") return err({ code: "PermissionDenied", values: {} });
    if (version < oldestVersion) return err({ code: "OldAnkiConnect", values: { version } });
    return ok({ needsApiKey: requireApikey });
  } catch (thrown) {
    return err(ankiFailureFrom(thrown));
  } finally {
    clearTimeout(timer);
  }
}

/** From the command line, which has no origin and needs no permission. */
export async function checkVersion(client: AnkiClient): Promise<Result<number, AnkiFailure>> {
  try {
    const version = await client.call("version");
    if (typeof version !== "number") return err({ code: "NotAnkiConnect", values: {} });
    return version < oldestVersion ? err({ code: "OldAnkiConnect", values: { version } }) : ok(version);
  } catch (thrown) {
    return err(ankiFailureFrom(thrown));
  }
}
