/** Languages, texts and number formats. Public API of the layer; knows nothing about meshes or pages. */
export { type FieldTexts, fieldText, loadFieldTexts } from "./field-texts.ts";
export { formatNumber } from "./format.ts";
export { loadLateTexts } from "./late-texts.ts";
export { defaultLanguage, isLanguage, type Language, languageNames, languages, localizePath, pickLanguage } from "./locales.ts";
export { markText } from "./mark-text.ts";
export { catalogueFaults } from "./parity.ts";
export { createTranslator, type TranslationKey, type Translator } from "./translator.ts";
