/**
 * `npm run translations:stamp`: notes which English text each Russian piece says. Pieces whose English text alone changed are
 * listed and keep their old stamp; `-- "<file>#<section>"` or `-- <file>` confirms that the Russian one still says the same.
 */
import { contentFolder } from "../content-folder.ts";
import { stampTranslations } from "./stamps.ts";

const { stamped, stale } = stampTranslations(contentFolder, process.argv.slice(2));
console.log(`${stamped} stamped, ${stale.length} stale`);
for (const { file, section } of stale) console.log(`stale: "${file}#${section}"`);
process.exitCode = stale.length > 0 ? 1 : 0;
