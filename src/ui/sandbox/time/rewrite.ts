/** A new text by somebody who takes a while: what is written meanwhile is never overwritten, the change is asked for again, of the newer text. */
import type { MeshFile } from "#mesh";

/** Null: it cannot be made. */
export type Rewriting = (files: readonly MeshFile[]) => Promise<readonly MeshFile[] | null>;

export interface Written {
  newest(): readonly MeshFile[];
  /** @param file the one that changed; "" = several */
  write(next: readonly MeshFile[], file: string): void;
}

/** @returns false where nothing could be made of the text */
export async function rewrite({ newest, write }: Written, rewriting: Rewriting): Promise<boolean> {
  for (;;) {
    const asked = newest();
    const next = await rewriting(asked);
    if (newest() !== asked) continue;
    const changed = next?.filter(({ text }, at) => text !== asked[at]?.text) ?? [];
    if (next && changed.length > 0) write(next, changed.length === 1 ? (changed[0]?.name ?? "") : "");
    return next !== null;
  }
}
