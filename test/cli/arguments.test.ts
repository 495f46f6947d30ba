/** What the command line says to arguments that make no sense: which option, what it takes, in the reader's language. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callCli } from "./call-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "meshwise-arguments-"));
const batch = join(folder, "cases.jsonl");
writeFileSync(batch, '{"id":1,"yaml":""}\n{oops\n');
const questions = join(folder, "questions.jsonl");
writeFileSync(questions, '{"id":1,"yaml":"","requests":[null]}\n');

test.each([
  ["an unknown option", ["simulate", "x.yaml", "--bogus"], "There is no option --bogus.", "Параметра --bogus нет."],
  [
    "an option without its value",
    ["simulate", "x.yaml", "--seed", "-3"],
    "--seed needs a value. Write one that begins with a dash as --seed=VALUE.",
    "Параметру --seed нужно значение. Если оно начинается с дефиса, пишите --seed=ЗНАЧЕНИЕ.",
  ],
  [
    "a value too many",
    ["lint", "x.yaml", "--each=yes"],
    "--each stands alone, without a value.",
    "Параметр --each пишется без значения.",
  ],
  [
    "a number out of range",
    ["simulate", "x.yaml", "--runs", "0"],
    "--runs takes a whole number from 1 to 9007199254740991, not 0.",
    "--runs принимает целое число от 1 до 9007199254740991, а не 0.",
  ],
  [
    "a word that is not among those",
    ["lint", "x.yaml", "--format", "xml"],
    "--format does not take xml. Possible: text, json.",
    "--format не принимает значение xml. Возможные: text, json.",
  ],
  [
    "a file that is not there",
    ["lint", "nowhere.yaml"],
    "Cannot read nowhere.yaml: there is no such file. See whether the path is right.",
    "Не удалось прочитать nowhere.yaml: такого файла нет. Проверьте путь.",
  ],
  [
    "a folder",
    ["lint", folder],
    `Cannot read ${folder}: it is a folder. Name the files in it.`,
    `Не удалось прочитать ${folder}: это папка. Укажите файлы, которые в ней лежат.`,
  ],
  [
    "a line that is no JSON",
    ["lint", "--batch", batch],
    "Line 2 is no case: it is not JSON.",
    "Строка 2 — не случай для проверки: это не JSON.",
  ],
  [
    "a question that is none",
    ["routes", "--batch", questions],
    " is no request. Write 'GET http://host:port/path [header: value]'.",
    " — не запрос. Пишите 'GET http://host:port/path [header: value]'.",
  ],
])("%s", async (_, args, english, russian) => {
  for (const [language, sentence] of [
    ["en", english],
    ["ru", russian],
  ] as const) {
    const { code, out, err } = await callCli([...args, "--lang", language]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.split("\n")[0]).toBe(sentence);
  }
});
