/**
 * Text → HTML text in which neither a browser nor Anki finds anything to act upon: besides markup, Anki would act upon
 * {{field}}, [sound:…], [latex] and MathJax's \( … \). They are broken up by an empty comment or a span: both survive
 * Anki's editor, entities would not.
 */
export function ankiSafeText(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\{(?=\{)|\}(?=\})/g, (brace) => `${brace}<!-- -->`)
    .replace(/\[(?=sound:|anki:|\/?latex\]|\/?\${1,2}\])/gi, "[<!-- -->")
    .replace(/\\([()[\]])/g, "\\<span>$1</span>");
}
