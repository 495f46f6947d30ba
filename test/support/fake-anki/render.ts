/** Question and answer of a card as Anki fills templates: fields, clozes, FrontSide. */
import type { FakeModel, FakeNote } from "./collection.ts";

export function render(model: FakeModel, note: FakeNote, ord: number): { question: string; answer: string } {
  const template = model.templates[model.isCloze ? 0 : ord]!;
  const style = `<style>${model.css}</style>`;
  const front = fill(template.qfmt, model, note, ord, "question");
  const back = fill(template.afmt, model, note, ord, "answer").replaceAll("{{FrontSide}}", front);
  return { question: style + front, answer: style + back };
}

function fill(template: string, model: FakeModel, note: FakeNote, ord: number, side: "question" | "answer"): string {
  return template
    .replace(/\{\{#(\w+)\}\}(.*?)\{\{\/\1\}\}/gs, (_, name, inner) => (fieldText(name) === "" ? "" : inner))
    .replace(/\{\{(cloze:)?(\w+)\}\}/g, (whole, cloze, name) => {
      if (name === "FrontSide") return whole;
      return cloze ? showCloze(fieldText(name), ord + 1, side) : fieldText(name);
    });

  function fieldText(name: string): string {
    return note.fields[model.fields.indexOf(name)] ?? "";
  }
}

function showCloze(text: string, number: number, side: "question" | "answer"): string {
  return text.replace(/\{\{c(\d+)::(.*?)\}\}/gs, (_, ordinal, inner: string) => {
    const [hidden = "", hint = "..."] = inner.split("::");
    if (Number(ordinal) !== number) return `<span class="cloze-inactive" data-ordinal="${ordinal}">${hidden}</span>`;
    if (side === "answer") return `<span class="cloze" data-ordinal="${ordinal}">${hidden}</span>`;
    return `<span class="cloze" data-cloze="${hidden}" data-ordinal="${ordinal}">[${hint}]</span>`;
  });
}
