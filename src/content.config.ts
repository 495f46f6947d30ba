// The lessons of content/: pages in MDX, the same paths in each language; and Starlight's own labels from our catalogue.
import { defineCollection } from "astro:content";
import { docsSchema, i18nSchema } from "@astrojs/starlight/schema";
import { glob } from "astro/loaders";
import { z } from "astro/zod";

export const collections = {
  docs: defineCollection({
    loader: glob({ base: "./content", pattern: ["{en,ru}/**/*.mdx", "!*/interview/**"] }),
    // `appPage` is set by layouts/AppPage.astro alone: a page of full width that brings its own heading and styles.
    schema: docsSchema({ extend: z.object({ appPage: z.boolean().default(false) }) }),
  }),
  i18n: defineCollection({
    loader: glob({
      base: "./src/i18n/locales",
      pattern: "*/starlight.json",
      generateId: ({ entry }) => entry.split("/")[0] ?? entry,
    }),
    schema: i18nSchema(),
  }),
};
