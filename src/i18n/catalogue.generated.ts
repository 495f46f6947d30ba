// Written by write-catalogue.ts from locales/*/*.json: run `node src/i18n/write-catalogue.ts` after adding a namespace.
import enLesson from "./locales/en/lesson.json" with { type: "json" };
import enNotes from "./locales/en/notes.json" with { type: "json" };
import enStarlight from "./locales/en/starlight.json" with { type: "json" };
import enUi from "./locales/en/ui.json" with { type: "json" };
import ruLesson from "./locales/ru/lesson.json" with { type: "json" };
import ruNotes from "./locales/ru/notes.json" with { type: "json" };
import ruStarlight from "./locales/ru/starlight.json" with { type: "json" };
import ruUi from "./locales/ru/ui.json" with { type: "json" };

export const catalogue = {
  en: {
    "lesson": enLesson,
    "notes": enNotes,
    "starlight": enStarlight,
    "ui": enUi,
  },
  ru: {
    "lesson": ruLesson,
    "notes": ruNotes,
    "starlight": ruStarlight,
    "ui": ruUi,
  },
} as const;
