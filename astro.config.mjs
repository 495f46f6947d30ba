// The site: Starlight for lessons, our own pages for the sandbox, the cards and the start page. Builds without a browser.

import { unified } from "@astrojs/markdown-remark";
import mdx from "@astrojs/mdx";
import react from "@astrojs/react";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { createTranslator } from "#i18n";
import {
  checkContent,
  loadCurriculum,
  nameCodeBlocks,
  rehypeRowHeadings,
  rehypeScrollRegions,
  remarkInlineCards,
  remarkLesson,
  sidebarFor,
} from "#lessons";
import { checkLinks } from "./src/layouts/check-links.ts";
import { oneLanguageCatalogue } from "./src/layouts/one-language-catalogue.ts";
import { preparedPlans } from "./src/layouts/prepared-plans.ts";
import { sealInlineScripts } from "./src/layouts/seal-inline-scripts.ts";

const namedByContent = {
  rolldownOptions: {
    // Hints to bundlers are no use to a reader.
    output: { assetFileNames: "_astro/[hash][extname]", comments: false },
    // Astro marks modules with directives of its own; the bundler would warn about each of them.
    onLog(level, log, report) {
      if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
    },
  },
};

/** What one does beside reading: pages of the site that are no lessons. */
function beyondLessons() {
  const [english, russian] = ["en", "ru"].map((language) => createTranslator(language));
  const named = (key) => ({ label: english(key), translations: { en: english(key), ru: russian(key) } });
  const pages = ["drills", "museum", "glossary", "calculators"];
  return { ...named("ui:learn.beyond"), items: pages.map((page) => ({ ...named(`${page}:title`), link: `/${page}/` })) };
}

export default defineConfig({
  ...(process.env.MESHWISE_SITE ? { site: process.env.MESHWISE_SITE } : {}),
  base: "/",
  outDir: "./dist",
  trailingSlash: "ignore",
  devToolbar: { enabled: false },
  markdown: {
    syntaxHighlight: false,
    processor: unified({
      remarkPlugins: [remarkInlineCards, remarkLesson],
      rehypePlugins: [rehypeRowHeadings, rehypeScrollRegions],
    }),
  },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' http://127.0.0.1:8765 http://localhost:8765",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
      ],
      scriptDirective: { resources: ["'self'", "'wasm-unsafe-eval'"] },
      // Scripts are strict; styles are not: see src/adr/0002-content-security-policy.md.
      styleDirective: {
        resources: [
          { resource: "'self'", kind: "element" },
          { resource: "'unsafe-inline'", kind: "element" },
          { resource: "'unsafe-inline'", kind: "attribute" },
        ],
      },
    },
  },
  // Astro keeps one of two equal style sheets, a page's or an island's, but not the name the island asks for
  // (sandbox.<hash>.css, Sandbox.<hash>.css). Named by content alone they are the same file.
  vite: {
    plugins: [oneLanguageCatalogue(), preparedPlans()],
    worker: { format: "es", rolldownOptions: { output: { comments: false } } },
    build: namedByContent,
    environments: { client: { build: namedByContent } },
  },
  integrations: [
    checkContent(),
    react(),
    starlight({
      title: { en: "Meshwise", ru: "Meshwise" },
      defaultLocale: "en",
      locales: { en: { label: "English", lang: "en" }, ru: { label: "Русский", lang: "ru" } },
      sidebar: [...sidebarFor(loadCurriculum()), beyondLessons()],
      customCss: ["./src/ui/shared/tokens.css", "./src/ui/shared/site.css"],
      components: {
        Header: "./src/ui/shared/SiteHeader.astro",
        PageTitle: "./src/ui/shared/PageTitle.astro",
        Footer: "./src/ui/shared/PageFooter.astro",
        ContentPanel: "./src/ui/shared/ContentPanel.astro",
        MarkdownContent: "./src/ui/shared/MarkdownContent.astro",
        MobileMenuFooter: "./src/ui/shared/MobileMenuFooter.astro",
        ThemeSelect: "./src/ui/shared/ThemeSwitch.astro",
        LanguageSelect: "./src/ui/shared/LanguageSwitch.astro",
      },
      expressiveCode: {
        plugins: [nameCodeBlocks()],
        shiki: { langAlias: { promql: "txt" } },
        styleOverrides: { borderRadius: "var(--mw-radius)" },
      },
      disable404Route: true,
      lastUpdated: false,
      favicon: "/favicon.svg",
    }),
    mdx(),
    sealInlineScripts(),
    checkLinks(),
  ],
});
