// Written by write-catalogue.ts from locales/*/*.json: run `node src/i18n/write-catalogue.ts` after adding a namespace.
import enAnki from "./locales/en/anki.json" with { type: "json" };
import enCalculators from "./locales/en/calculators.json" with { type: "json" };
import enCards from "./locales/en/cards.json" with { type: "json" };
import enCli from "./locales/en/cli.json" with { type: "json" };
import enDecisions from "./locales/en/decisions.json" with { type: "json" };
import enDiagnostics from "./locales/en/diagnostics.json" with { type: "json" };
import enDrills from "./locales/en/drills.json" with { type: "json" };
import enEditing from "./locales/en/editing.json" with { type: "json" };
import enFaults from "./locales/en/faults.json" with { type: "json" };
import enForms from "./locales/en/forms.json" with { type: "json" };
import enGlossary from "./locales/en/glossary.json" with { type: "json" };
import enInterview from "./locales/en/interview.json" with { type: "json" };
import enLanding from "./locales/en/landing.json" with { type: "json" };
import enLesson from "./locales/en/lesson.json" with { type: "json" };
import enMuseum from "./locales/en/museum.json" with { type: "json" };
import enNotes from "./locales/en/notes.json" with { type: "json" };
import enPractice from "./locales/en/practice.json" with { type: "json" };
import enRollout from "./locales/en/rollout.json" with { type: "json" };
import enSandbox from "./locales/en/sandbox.json" with { type: "json" };
import enScenario from "./locales/en/scenario.json" with { type: "json" };
import enStarlight from "./locales/en/starlight.json" with { type: "json" };
import enTruth from "./locales/en/truth.json" with { type: "json" };
import enUi from "./locales/en/ui.json" with { type: "json" };
import ruAnki from "./locales/ru/anki.json" with { type: "json" };
import ruCalculators from "./locales/ru/calculators.json" with { type: "json" };
import ruCards from "./locales/ru/cards.json" with { type: "json" };
import ruCli from "./locales/ru/cli.json" with { type: "json" };
import ruDecisions from "./locales/ru/decisions.json" with { type: "json" };
import ruDiagnostics from "./locales/ru/diagnostics.json" with { type: "json" };
import ruDrills from "./locales/ru/drills.json" with { type: "json" };
import ruEditing from "./locales/ru/editing.json" with { type: "json" };
import ruFaults from "./locales/ru/faults.json" with { type: "json" };
import ruForms from "./locales/ru/forms.json" with { type: "json" };
import ruGlossary from "./locales/ru/glossary.json" with { type: "json" };
import ruInterview from "./locales/ru/interview.json" with { type: "json" };
import ruLanding from "./locales/ru/landing.json" with { type: "json" };
import ruLesson from "./locales/ru/lesson.json" with { type: "json" };
import ruMuseum from "./locales/ru/museum.json" with { type: "json" };
import ruNotes from "./locales/ru/notes.json" with { type: "json" };
import ruPractice from "./locales/ru/practice.json" with { type: "json" };
import ruRollout from "./locales/ru/rollout.json" with { type: "json" };
import ruSandbox from "./locales/ru/sandbox.json" with { type: "json" };
import ruScenario from "./locales/ru/scenario.json" with { type: "json" };
import ruStarlight from "./locales/ru/starlight.json" with { type: "json" };
import ruTruth from "./locales/ru/truth.json" with { type: "json" };
import ruUi from "./locales/ru/ui.json" with { type: "json" };

export const catalogue = {
  en: {
    "anki": enAnki,
    "calculators": enCalculators,
    "cards": enCards,
    "cli": enCli,
    "decisions": enDecisions,
    "diagnostics": enDiagnostics,
    "drills": enDrills,
    "editing": enEditing,
    "faults": enFaults,
    "forms": enForms,
    "glossary": enGlossary,
    "interview": enInterview,
    "landing": enLanding,
    "lesson": enLesson,
    "museum": enMuseum,
    "notes": enNotes,
    "practice": enPractice,
    "rollout": enRollout,
    "sandbox": enSandbox,
    "scenario": enScenario,
    "starlight": enStarlight,
    "truth": enTruth,
    "ui": enUi,
  },
  ru: {
    "anki": ruAnki,
    "calculators": ruCalculators,
    "cards": ruCards,
    "cli": ruCli,
    "decisions": ruDecisions,
    "diagnostics": ruDiagnostics,
    "drills": ruDrills,
    "editing": ruEditing,
    "faults": ruFaults,
    "forms": ruForms,
    "glossary": ruGlossary,
    "interview": ruInterview,
    "landing": ruLanding,
    "lesson": ruLesson,
    "museum": ruMuseum,
    "notes": ruNotes,
    "practice": ruPractice,
    "rollout": ruRollout,
    "sandbox": ruSandbox,
    "scenario": ruScenario,
    "starlight": ruStarlight,
    "truth": ruTruth,
    "ui": ruUi,
  },
} as const;
