/** Pictures and sounds that nothing shows any more: their notes were deleted, replaced or reworded. */
import { mediaNamesIn } from "../model/media-html.ts";
import type { CardDatabase } from "./card-database.ts";
import type { MediaSize } from "./card-store-api.ts";

export async function unusedMedia(database: CardDatabase): Promise<MediaSize> {
  return sizeOf(await unusedFiles(database));
}

export async function clearUnusedMedia(database: CardDatabase): Promise<MediaSize> {
  const files = await unusedFiles(database);
  await database.media.bulkDelete(files.map(({ name }) => name));
  return sizeOf(files);
}

async function unusedFiles({ notes, edits, media }: CardDatabase) {
  const texts = [...(await notes.toArray()), ...(await edits.toArray())];
  const shown = new Set(texts.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
  return (await media.toArray()).filter(({ name }) => !shown.has(name));
}

function sizeOf(files: readonly { bytes: Uint8Array }[]): MediaSize {
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}
