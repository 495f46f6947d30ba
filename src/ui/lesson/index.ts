/**
 * What a lesson page may use: `import { Goals, … } from "#lesson"` is the only import in MDX. Static HTML first; the
 * content pipeline (src/lessons/remark) hands Cite, Sources, Experiment, Measured, Diagram, InlineCard, LessonCards, LessonDrills and LessonQuestions
 * their data.
 */
export { default as Choice } from "./Choice.astro";
export { default as Cite } from "./Cite.astro";
export { default as Correction } from "./Correction.astro";
export { default as Diagram } from "./Diagram.astro";
export { default as Experiment } from "./Experiment.astro";
export { default as Goals } from "./Goals.astro";
export { default as InlineCard } from "./InlineCard.astro";
export { default as LessonCards } from "./LessonCards.astro";
export { default as LessonDrills } from "./LessonDrills.astro";
export { default as LessonLinks } from "./LessonLinks.astro";
export { default as LessonQuestions } from "./LessonQuestions.astro";
export { default as Measured } from "./Measured.astro";
export { default as Question } from "./Question.astro";
export { default as RecallMap } from "./RecallMap.astro";
export { default as Sources } from "./Sources.astro";
export { default as TermHints } from "./TermHints.astro";
