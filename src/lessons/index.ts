/** The content pipeline of the lessons (Node only): curriculum, page heads, plugins for MDX, checks of the whole. */
export { cardSurroundings, engineGrader } from "./card-surroundings.ts";
export { checkContent } from "./checks/check-content.ts";
export { contentFaults } from "./checks/content-faults.ts";
export { type Curriculum, type CurriculumModule, isPublished, loadCurriculum, sidebarFor } from "./curriculum.ts";
export { type ExamDomainEntry, loadExamDomains } from "./exam-domains.ts";
export { loadFacts } from "./facts.ts";
export { type Frontmatter, lessonFields } from "./frontmatter.ts";
export { type ImportResult, importNotes } from "./import/import-notes.ts";
export type { NoteFile } from "./import/note.ts";
export { type Rung, rungs } from "./interview/interview-bank.ts";
export { interviewCardFiles, interviewLessons, questionCardSlug } from "./interview/question-cards.ts";
export { type DesignView, type QuestionView, viewInterviewBank } from "./interview/question-view.ts";
export { type Exhibit, loadMuseum, type MuseumTopic, museumTopics } from "./museum/museum.ts";
export { exhibitFile, runExhibit } from "./museum/run-exhibit.ts";
export { remarkInlineCards } from "./remark/inline-cards.ts";
export { nameCodeBlocks } from "./remark/name-code-blocks.ts";
export { rehypeScrollRegions } from "./remark/rehype-scroll-regions.ts";
export { remarkLesson } from "./remark/remark-lesson.ts";
