/** What would change if the text were applied now, file by file: signs and words, readable line by line. */
import type { MeshFile } from "#mesh";
import { useTexts } from "../texts.tsx";
import { type DiffLine, diffLines, foldSame } from "./line-diff.ts";

interface DiffPanelProps {
  /** What runs. */
  applied: readonly MeshFile[];
  files: readonly MeshFile[];
}

const context = 2;
const signs = { same: "", added: "+", removed: "−" } as const;

export function DiffPanel({ applied, files }: DiffPanelProps) {
  const { t } = useTexts();
  const names = [...new Set([...applied, ...files].map((file) => file.name))];
  const textOf = (list: readonly MeshFile[], name: string) => list.find((file) => file.name === name)?.text ?? "";
  const changed = names.filter((name) => textOf(applied, name) !== textOf(files, name));
  return (
    <section className="diff-panel" aria-label={t("editing:diff.title")}>
      {changed.length === 0 ? <p className="muted">{t("editing:diff.none")}</p> : null}
      {changed.map((name) => (
        <FileDiff key={name} name={name || "mesh.yaml"} lines={diffLines(textOf(applied, name), textOf(files, name))} />
      ))}
    </section>
  );
}

function FileDiff({ name, lines }: { name: string; lines: readonly DiffLine[] }) {
  const { t } = useTexts();
  const count = (sign: DiffLine["sign"]) => lines.filter((line) => line.sign === sign).length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus to be scrolled by keyboard
    <section className="diff-file" aria-label={name} tabIndex={0}>
      <table>
        <caption>{t("editing:diff.file", { name, added: count("added"), removed: count("removed") })}</caption>
        <tbody>
          {foldSame(lines, context).map((line, index) =>
            line ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines may be equal; they have no other identity
              <tr key={index} className={`diff-${line.sign}`}>
                <td className="diff-number">{line.after ?? line.before}</td>
                <td>
                  <span aria-hidden="true">{signs[line.sign]}</span>
                  {line.sign === "same" ? null : <span className="mw-visually-hidden">{t(`editing:diff.${line.sign}`)} </span>}
                </td>
                <td>
                  <code>{line.text}</code>
                </td>
              </tr>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <tr key={index} className="diff-fold">
                <td colSpan={3}>…</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}
