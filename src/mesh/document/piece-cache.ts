/**
 * What was read from a piece of text, kept while the piece keeps being asked for. Two generations: when the young one is full
 * it becomes the old one, and what is still asked for moves on. Trees are large; the letters typed a minute ago are let go.
 */
export interface PieceCache<T> {
  get(piece: string): T | undefined;
  set(piece: string, value: T): void;
  /** Texts of this many characters are read together: all of their pieces must stay. */
  makeRoom(chars: number): void;
}

const leastRoomChars = 32_000;

export function createPieceCache<T>(): PieceCache<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let youngChars = 0;
  let roomChars = leastRoomChars;

  function keep(piece: string, value: T): void {
    if (youngChars > roomChars) {
      old = young;
      young = new Map();
      youngChars = 0;
    }
    young.set(piece, value);
    youngChars += piece.length;
  }

  return {
    get(piece) {
      const known = young.get(piece);
      if (known !== undefined) return known;
      const aged = old.get(piece);
      if (aged !== undefined) keep(piece, aged);
      return aged;
    },
    set: keep,
    makeRoom(chars) {
      roomChars = Math.max(roomChars, chars);
    },
  };
}
