/**
 * Files on Anki's machine: a page can put one there and fetch one from there only through Anki's media folder. Names begin
 * with "_", so that Anki does not call them unused, and they are deleted again whatever happens.
 */
import type { AnkiClient } from "./anki-client.ts";

export const pushFileName = "_mesh_push.apkg";
export const pullFileName = "_mesh_pull.apkg";

/** @param work gets the absolute path of the media folder on Anki's machine */
export async function withTemporaryMedia<Value>(
  client: AnkiClient,
  name: string,
  work: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = await client.call("getMediaDirPath");
  try {
    return await work(folder);
  } finally {
    // What went wrong in the work is what the person must hear of; what stays behind here is swept by the next sync.
    const remove = () => client.call("deleteMediaFile", { filename: name });
    await remove().catch(() => remove().catch(() => undefined));
  }
}

/** Takes away what a sync left behind whose Anki was closed in the middle: before AnkiWeb gets to see it. */
export async function sweepTemporaryMedia(client: AnkiClient): Promise<void> {
  await client.call("deleteMediaFile", { filename: pushFileName });
}
