/** Zstandard, bounded: the window that a frame asks for and every piece that comes out are counted (RFC 8878). */
import { Decompress } from "fzstd";
import { ImportRefusal } from "./import-failure.ts";
import { joinChunks } from "./zip-archive.ts";

const magic = 0xfd2fb528;

/** @throws ImportRefusal Damaged, TooLarge */
export function unpackZstd(packed: Uint8Array, name: string, maxBytes: number): Uint8Array {
  const tooLarge = () => new ImportRefusal("TooLarge", { name, limitMiB: Math.floor(maxBytes / (1 << 20)) });
  const window = claimedWindow(packed);
  if (window === undefined) throw new ImportRefusal("Damaged", { name });
  if (window > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let finished = false;
  const stream = new Decompress((chunk, final) => {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    // The decoder reuses its buffer.
    if (chunk.length > 0) chunks.push(chunk.slice());
    finished ||= final === true;
  });
  const stepBytes = 1 << 15;
  try {
    for (let at = 0; at < packed.length; at += stepBytes) {
      stream.push(packed.subarray(at, at + stepBytes), at + stepBytes >= packed.length);
    }
  } catch (thrown) {
    throw thrown instanceof ImportRefusal ? thrown : new ImportRefusal("Damaged", { name });
  }
  if (!finished) throw new ImportRefusal("Damaged", { name });
  return joinChunks(chunks);
}

/** Bytes that the first frame wants to keep at hand: its window, or its whole content when it is a single segment. */
function claimedWindow(packed: Uint8Array): number | undefined {
  if (packed.length < 9) return undefined;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint32(0, true) !== magic) return undefined;
  const descriptor = packed[4]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) {
    const exponent = packed[5]! >> 3;
    return 2 ** (10 + exponent) * (1 + (packed[5]! & 7) / 8);
  }
  const at = 5 + [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6]!;
  if (at + sizeBytes > packed.length) return undefined;
  if (sizeBytes === 1) return packed[at]!;
  if (sizeBytes === 2) return view.getUint16(at, true) + 256;
  if (sizeBytes === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}
