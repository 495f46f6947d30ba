/** Where the learner's texts live. Everything that reads content takes the folder as an argument, so tests bring their own. */
import { join } from "node:path";

/** `content/` of the project, found from the working directory: npm scripts, the site's build and tests run at its root. */
export const contentFolder: string = join(process.cwd(), "content");
