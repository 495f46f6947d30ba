/** `npm run content:stats`: what the site teaches, in numbers. */
import { contentStats } from "#lessons";

const { domains, cards, ...counts } = contentStats();
console.table({
  ...counts,
  ...Object.fromEntries(Object.entries(cards).map(([language, count]) => [`cards (${language})`, count])),
});
console.table(domains);
