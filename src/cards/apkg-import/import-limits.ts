/** How much a package may ask of the machine that reads it. Far above any deck that people share; each has its own refusal. */

const mebibyte = 1 << 20;

export const importLimits = {
  fileBytes: 512 * mebibyte,
  /** Of the zip; a count that needs zip64 is beyond it anyway. */
  entries: 50_000,
  collectionBytes: 200 * mebibyte,
  mediaMapBytes: 16 * mebibyte,
  /** AnkiWeb's own limit for one media file. */
  mediaFileBytes: 100 * mebibyte,
  /** Of the files that are kept in the browser: one, and those of one package together. */
  keptMediaFileBytes: 8 * mebibyte,
  keptMediaBytes: 64 * mebibyte,
  /** What SQLite may allocate beside the file itself; it can only be lowered while the program runs, so exports keep to it too. */
  sqliteHeapBytes: 256 * mebibyte,
  notes: 200_000,
  cards: 400_000,
  reviews: 2_000_000,
  noteTypes: 5_000,
  decks: 20_000,
  /** All fields of one note together, characters. */
  noteCharacters: 1_000_000,
  /** JSON of note types or decks of a legacy collection, characters. */
  jsonCharacters: 32 * mebibyte,
  readMs: 60_000,
} as const;

export type ImportLimits = { readonly [Name in keyof typeof importLimits]: number };
