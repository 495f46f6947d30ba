/** Decks, note types and notes, with the faults that the recordings show: cards of addNote land in Default. */
import {
  addMissingCards,
  cardsOf,
  cleanTags,
  deckId,
  ensureDeck,
  type FakeCollection,
  type FakeModel,
  type FakeNote,
} from "./collection.ts";
import { findCards, findNotes } from "./search.ts";

interface NoteParams {
  deckName: string;
  modelName: string;
  fields: Record<string, string>;
  tags?: string[];
}

const duplicate = "cannot create note because it is a duplicate";

export function noteActions(collection: FakeCollection) {
  const modelNamed = (name: string): FakeModel => {
    const model = [...collection.models.values()].find((one) => one.name === name);
    if (!model) throw new Error(`model was not found: ${name}`);
    return model;
  };
  const noteOf = (id: number): FakeNote => {
    const note = collection.notes.get(id);
    if (!note) throw new Error(`Note was not found: ${id}`);
    return note;
  };
  const faultOf = ({ deckName, modelName, fields }: NoteParams, beside: readonly string[] = []): string | undefined => {
    const model = modelNamed(modelName);
    if (deckId(collection, deckName) === undefined) throw new Error(`deck was not found: ${deckName}`);
    const first = fields[model.fields[0]!] ?? "";
    if (first === "") return "cannot create note because it is empty";
    const others = [...collection.notes.values()].filter(({ mid }) => mid === model.id).map((note) => note.fields[0]);
    return [...others, ...beside].includes(first) ? duplicate : undefined;
  };
  const add = ({ modelName, fields, tags = [] }: NoteParams): number => {
    const model = modelNamed(modelName);
    const id = collection.newId();
    const content = { mod: Math.floor(collection.now() / 1000), tags: cleanTags(tags) };
    const note = { id, guid: `fake${id}`, mid: model.id, ...content, fields: model.fields.map((name) => fields[name] ?? "") };
    collection.notes.set(id, note);
    // Anki 26.09.3: deckName is checked and then forgotten.
    addMissingCards(collection, note, 1);
    return id;
  };
  const update = ({ id, fields = {}, tags }: { id: number; fields?: Record<string, string>; tags?: string[] }): null => {
    const note = noteOf(id);
    const model = collection.models.get(note.mid)!;
    note.fields = model.fields.map((name, i) => fields[name] ?? note.fields[i] ?? "");
    if (tags) note.tags = cleanTags(tags);
    note.mod = Math.floor(collection.now() / 1000);
    addMissingCards(collection, note, cardsOf(collection, id)[0]?.did ?? 1);
    return null;
  };
  return {
    deckNames: () => [...collection.decks.values()].sort(),
    deckNamesAndIds: () => Object.fromEntries([...collection.decks].map(([id, name]) => [name, id])),
    createDeck: ({ deck }: { deck: string }) => ensureDeck(collection, deck),
    modelFieldNames: ({ modelName }: { modelName: string }) => modelNamed(modelName).fields,
    createModel: (params: CreateModel) => createModel(collection, params),
    canAddNotes: ({ notes }: { notes: NoteParams[] }) => notes.map((note) => faultOf(note) === undefined),
    canAddNotesWithErrorDetail: ({ notes }: { notes: NoteParams[] }) =>
      notes.map((note) => {
        const error = faultOf(note);
        return error === undefined ? { canAdd: true } : { canAdd: false, error };
      }),
    addNote: ({ note }: { note: NoteParams }) => {
      const fault = faultOf(note);
      if (fault !== undefined) throw new Error(fault);
      return add(note);
    },
    addNotes: ({ notes }: { notes: NoteParams[] }) => {
      const firsts: string[] = [];
      const faults = notes.flatMap((note) => {
        const fault = faultOf(note, firsts);
        firsts.push(note.fields[modelNamed(note.modelName).fields[0]!] ?? "");
        return fault ?? [];
      });
      // All or nothing; the message is the list of faults as Python prints it.
      if (faults.length > 0) throw new Error(`[${faults.map((fault) => `'${fault}'`).join(", ")}]`);
      return notes.map(add);
    },
    updateNoteFields: ({ note }: { note: { id: number; fields: Record<string, string> } }) => update(note),
    updateNote: ({ note }: { note: { id: number; fields?: Record<string, string>; tags?: string[] } }) => update(note),
    addTags: ({ notes, tags }: { notes: number[]; tags: string }) => {
      for (const id of notes) {
        const note = noteOf(id);
        note.tags = cleanTags([...note.tags, ...tags.split(" ")]);
        note.mod = Math.floor(collection.now() / 1000);
      }
      return null;
    },
    deleteNotes: ({ notes }: { notes: number[] }) => {
      for (const id of notes) {
        for (const card of cardsOf(collection, id)) collection.cards.delete(card.id);
        collection.notes.delete(id);
      }
      return null;
    },
    findNotes: ({ query }: { query: string }) => findNotes(collection, query),
    findCards: ({ query }: { query: string }) => findCards(collection, query),
    notesInfo: ({ notes }: { notes: number[] }) =>
      notes.map((id) => {
        const note = collection.notes.get(id);
        if (!note) return {};
        const model = collection.models.get(note.mid)!;
        const cards = cardsOf(collection, id).map((card) => card.id);
        return {
          noteId: id,
          profile: "User 1",
          tags: note.tags,
          fields: fieldsInfo(model, note),
          modelName: model.name,
          mod: note.mod,
          cards,
        };
      }),
    notesModTime: ({ notes }: { notes: number[] }) =>
      notes.map((id) => (collection.notes.has(id) ? { noteId: id, mod: noteOf(id).mod } : {})),
  };
}

export function fieldsInfo(model: FakeModel, note: FakeNote): Record<string, { value: string; order: number }> {
  return Object.fromEntries(model.fields.map((name, order) => [name, { value: note.fields[order] ?? "", order }]));
}

interface CreateModel {
  modelName: string;
  inOrderFields: string[];
  css?: string;
  isCloze?: boolean;
  cardTemplates: { Name: string; Front: string; Back: string }[];
}

function createModel(collection: FakeCollection, params: CreateModel) {
  const { modelName, inOrderFields, css = "", isCloze = false, cardTemplates } = params;
  if ([...collection.models.values()].some(({ name }) => name === modelName)) throw new Error("Model name already exists");
  const templates = cardTemplates.map(({ Name, Front, Back }) => ({ name: Name, qfmt: Front, afmt: Back }));
  const id = collection.newId();
  collection.models.set(id, { id, name: modelName, isCloze, fields: inOrderFields, templates, css });
  return { id, name: modelName, type: isCloze ? 1 : 0 };
}
