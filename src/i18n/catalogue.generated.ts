// Written by write-catalogue.ts from locales/*/*.json: run `node src/i18n/write-catalogue.ts` after adding a namespace.
import enUi from "./locales/en/ui.json" with { type: "json" };
import ruUi from "./locales/ru/ui.json" with { type: "json" };

export const catalogue = {
  en: {
    "ui": enUi,
  },
  ru: {
    "ui": ruUi,
  },
} as const;
