/**
 * The three Anki note types our notes become. Their ids, names and field lists are frozen: another id, or one field more,
 * and Anki calls every later import "conflicting"; the Extra fields are there to be used instead. When templates or CSS
 * change, `changedAtS` must grow, or Anki keeps the old ones.
 */
import type { AnkiForm } from "../card-types/card-type.ts";

interface CardTemplate {
  name: string;
  question: string;
  answer: string;
}

export interface NoteType {
  id: number;
  name: string;
  kind: "standard" | "cloze";
  templates: readonly CardTemplate[];
}

export const noteFields = ["Key", "Front", "Back", "Source", "Lang", "Extra1", "Extra2", "Extra3"] as const;

/** 2026-11-21T00:00:00Z */
export const noteTypesChangedAtS = 1_795_219_200;

const source = '{{#Source}}<div class="source">{{Source}}</div>{{/Source}}';
const side = (field: string) => `<div class="side" lang="{{Lang}}">{{${field}}}</div>`;
const answer = (field: string) => `{{FrontSide}}\n<hr id="answer">\n${side(field)}\n${source}`;

export const noteTypes: Readonly<Record<AnkiForm, NoteType>> = {
  basic: {
    id: 1_720_000_000_001,
    name: "Meshwise Basic",
    kind: "standard",
    templates: [{ name: "Card 1", question: side("Front"), answer: answer("Back") }],
  },
  cloze: {
    id: 1_720_000_000_002,
    name: "Meshwise Cloze",
    kind: "cloze",
    templates: [
      {
        name: "Cloze",
        question: side("cloze:Front"),
        answer: `${side("cloze:Front")}\n{{#Back}}<hr id="answer">\n${side("Back")}{{/Back}}\n${source}`,
      },
    ],
  },
  reversed: {
    id: 1_720_000_000_003,
    name: "Meshwise Basic and reversed",
    kind: "standard",
    templates: [
      { name: "Card 1", question: side("Front"), answer: answer("Back") },
      { name: "Card 2", question: side("Back"), answer: answer("Front") },
    ],
  },
};

export const noteTypeCss = `.card { font-family: system-ui, sans-serif; font-size: 18px; line-height: 1.5; text-align: left; max-width: 42em; margin: 0 auto; padding: 0 0.5em; }
pre { overflow-x: auto; padding: 0.6em; border: 1px solid #8886; border-radius: 4px; }
code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #8888; padding: 0.2em 0.6em; }
.cloze { font-weight: bold; color: #1a56c4; }
.nightMode .cloze { color: #8ab4ff; }
.source { margin-top: 1em; font-size: 0.8em; opacity: 0.75; }
`;
