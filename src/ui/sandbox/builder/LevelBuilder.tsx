/**
 * Make a level: what the learner reads, the two states of the text, the goal that tells them apart, then the check by running and the
 * ways to hand it on. In a chunk of its own; a draft of it survives everything.
 */
import "./builder.css";
import { useId } from "react";
import type { MeshFile } from "#mesh";
import type { Topology } from "#scenario";
import type { ConnectWorkers } from "../run/worker-link.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { KeptNotices } from "../share/KeptNotices.tsx";
import { useTexts } from "../texts.tsx";
import { emptyDraft } from "./builder-draft.ts";
import { FinishPart } from "./FinishPart.tsx";
import { GoalPart } from "./GoalPart.tsx";
import { StatesPart } from "./StatesPart.tsx";
import { useBuilderDraft } from "./use-builder-draft.ts";
import { WordsPart } from "./WordsPart.tsx";

export interface LevelBuilderProps {
  /** The text in the editor. */
  settled(): Promise<readonly MeshFile[]>;
  /** The same as the page opened with it. */
  original: readonly MeshFile[];
  topology: Topology | null;
  desk: YamlDesk;
  connect: ConnectWorkers;
  onShow(files: readonly MeshFile[]): void;
}

export default function LevelBuilder({ settled, original, topology, desk, connect, onShow }: LevelBuilderProps) {
  const { t } = useTexts();
  const id = useId();
  const kept = useBuilderDraft();
  const { draft, change } = kept;
  return (
    <section className="level-builder" aria-labelledby={id}>
      <h2 id={id}>{t("tools:make.title")}</h2>
      <p className="muted">{t("tools:make.about")}</p>
      <KeptNotices kept={kept} conflict={t("tools:make.conflict")} saveFailed={t("tools:make.saveFailed")} />
      <WordsPart draft={draft} onChange={change} />
      <StatesPart draft={draft} settled={settled} original={original} desk={desk} onChange={change} onShow={onShow} />
      <GoalPart draft={draft} topology={topology} desk={desk} connect={connect} onChange={change} />
      <FinishPart draft={draft} desk={desk} connect={connect} onChange={change} onClear={() => change(emptyDraft)} />
    </section>
  );
}
