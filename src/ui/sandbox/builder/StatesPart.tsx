/** Start and solution: states of the sandbox's text, taken as they are, shown again in the editor when asked for. */
import { type SetStateAction, useState } from "react";
import type { MeshFile } from "#mesh";
import { ActionButton } from "../controls/ActionButton.tsx";
import { levelFileNames } from "../level/level.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { useTexts } from "../texts.tsx";
import { type BuilderDraft, type CapturedText, capture } from "./builder-draft.ts";
import { findExperiment, splitExperiment } from "./experiment-part.ts";

interface StatesPartProps {
  draft: BuilderDraft;
  settled(): Promise<readonly MeshFile[]>;
  original: readonly MeshFile[];
  desk: YamlDesk;
  onChange(next: SetStateAction<BuilderDraft>): void;
  onShow(files: readonly MeshFile[]): void;
}

export function StatesPart({ draft, settled, original, desk, onChange, onShow }: StatesPartProps) {
  const { t } = useTexts();
  const [said, setSaid] = useState("");
  const take = async (as: "start" | "solution", from: () => Promise<readonly MeshFile[]>) => {
    const captured = splitExperiment(await from());
    const own = await findExperiment(desk, captured.experiment);
    onChange((now) => capture(now, as, captured, own));
    setSaid(t(`tools:make.taken.${as}`));
  };
  return (
    <fieldset>
      <legend>{t("tools:make.states")}</legend>
      <p className="muted">{t("tools:make.statesAbout")}</p>
      {(["start", "solution"] as const).map((which) => (
        <fieldset key={which}>
          <legend>{t(`tools:make.${which}`)}</legend>
          <p>{draft[which] ? t("tools:make.lines", { count: linesOf(draft[which]) }) : t("tools:make.none")}</p>
          <div className="builder-row">
            <button type="button" onClick={() => void take(which, settled)}>
              {t(`tools:make.take.${which}`)}
            </button>
            {which === "start" ? (
              <button type="button" onClick={() => void take("start", async () => original)}>
                {t("tools:make.take.original")}
              </button>
            ) : null}
            <ActionButton disabled={draft[which] === null} onPress={() => draft[which] && onShow(filesOf(draft[which], draft))}>
              {t(`tools:make.show.${which}`)}
            </ActionButton>
          </div>
        </fieldset>
      ))}
      <p role="status">{said}</p>
    </fieldset>
  );
}

function linesOf({ mesh }: CapturedText): number {
  return mesh.trim() === "" ? 0 : mesh.trim().split("\n").length;
}

function filesOf({ mesh, experiment }: CapturedText, draft: BuilderDraft): MeshFile[] {
  return [
    { name: levelFileNames.mesh, text: mesh },
    { name: levelFileNames.experiment, text: experiment || draft.start?.experiment || "" },
  ];
}
