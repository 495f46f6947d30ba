/** What is wrong in a card file, with its place. The texts are in the `cards` catalogue under "issue" + code. */

export type CardIssueCode =
  | "Yaml"
  | "FileName"
  | "MissingField"
  | "UnknownField"
  | "WrongValue"
  | "LessonName"
  | "SlugForm"
  | "SlugLanguage"
  | "DuplicateSlug"
  | "DuplicateGuid"
  | "MissingPair"
  | "PairType"
  | "NoCloze"
  | "OpenCloze"
  | "ClozeInBasic"
  | "Markdown"
  | "UnknownSource"
  | "WrongLine"
  | "UnknownDiagram"
  | "UnknownPart"
  | "UnknownVariable"
  | "Empty";

export interface CardIssue {
  code: CardIssueCode;
  file: string;
  /** Both count from 1. */
  line: number;
  column: number;
  /** Values for the text: a field's name, the slug, what was found. */
  values: Readonly<Record<string, string | number>>;
}
