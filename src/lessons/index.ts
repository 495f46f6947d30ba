/** The content pipeline of the lessons (Node only): curriculum, page heads, plugins for MDX, checks of the whole. */
export { type Curriculum, type CurriculumModule, isPublished, loadCurriculum, sidebarFor } from "./curriculum.ts";
export { type Frontmatter, lessonFields } from "./frontmatter.ts";
