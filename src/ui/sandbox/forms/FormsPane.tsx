/** The files as forms: choose a document, change its fields; every change is an edit of the same text. A chunk of its own. */
import "./forms.css";
import { useEffect, useRef, useState } from "react";
import type { Diagnostic, MeshFile } from "#mesh";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { useTexts } from "../texts.tsx";
import type { EditHistoryControl } from "../time/use-edit-history.ts";
import { BuildForm } from "./BuildForm.tsx";
import { DocumentForm } from "./DocumentForm.tsx";
import { addDocument, type FormDraft, inDraft, openDraft } from "./form-draft.ts";
import type { FormKind } from "./form-kind.ts";
import { type FormDocument, type FormWorld, idOf } from "./form-world.ts";
import { formKinds } from "./kinds/index.ts";

export interface FormsPaneProps {
  files: readonly MeshFile[];
  diagnostics: readonly Diagnostic[];
  judged: boolean;
  desk: YamlDesk;
  onRewrite: EditHistoryControl["rewrite"];
  onShowLine(file: string, line: number): void;
}

/** Done once the forms show what became of it. @returns false where the text must be edited by hand */
export type OnEdit = (change: (draft: FormDraft) => Promise<FormDraft | null>) => Promise<boolean>;

/** While a newer text is being read, the one before is shown. */
export default function FormsPane({ files, desk, diagnostics, judged, onRewrite, onShowLine }: FormsPaneProps) {
  const [draft, setDraft] = useState<FormDraft | null>(null);
  useEffect(() => {
    if (draft?.files === files) return;
    let gone = false;
    void openDraft(desk, files).then((read) => {
      if (read && !gone) setDraft(read);
    });
    return () => {
      gone = true;
    };
  }, [desk, files, draft]);
  if (!draft) return <p className="muted">…</p>;
  const onEdit: OnEdit = async (change) => {
    let made: FormDraft | null = null;
    const isTaken = await onRewrite(
      inDraft(desk, async (now) => {
        made = await change(now);
        return made;
      }),
    );
    if (made) setDraft(made);
    return isTaken;
  };
  return <Forms draft={draft} diagnostics={judged ? diagnostics : []} onEdit={onEdit} onShowLine={onShowLine} />;
}

interface FormsProps extends Pick<FormsPaneProps, "diagnostics" | "onShowLine"> {
  draft: FormDraft;
  onEdit: OnEdit;
}

export function Forms({ draft, diagnostics, onEdit, onShowLine }: FormsProps) {
  const { world } = draft;
  const { t } = useTexts();
  const known = world.documents.filter((document) => kindOf(document));
  const [chosen, setChosen] = useCarriedState("form", "");
  const shown = useRef("");
  const document =
    known.find((one) => idOf(one) === chosen) ??
    known.find((one) => one.name !== "" && `${one.kind} ${one.name}` === chosen) ??
    // What was just asked for is still being written.
    known.find((one) => idOf(one) === shown.current) ??
    known[0];
  shown.current = document ? idOf(document) : "";
  const kind = document && kindOf(document);
  const create = (maker: FormKind, service: FormWorld["services"][number]) => {
    setChosen(`${maker.kind} ${service.name}`);
    return onEdit((now) => addDocument(now, maker.create?.(service, now.world)));
  };
  return (
    <div className="forms">
      <label className="form-choice">
        <span>{t("forms:choose")}</span>
        <select value={document ? idOf(document) : ""} onChange={(event) => setChosen(event.target.value)}>
          {groupsOf(known).map(([service, documents]) => (
            <optgroup key={service} label={service === "" ? t("forms:wholeMesh") : t("forms:service", { name: service })}>
              {documents.map((one) => (
                <option key={idOf(one)} value={idOf(one)}>
                  {one.kind} {one.name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      {world.broken ? <p className="notice notice-warning">{t("forms:broken")}</p> : null}
      {document && kind ? (
        <DocumentForm
          key={idOf(document)}
          document={document}
          kind={kind}
          world={world}
          isAlone={draft.files.length === 1}
          diagnostics={diagnostics}
          onEdit={onEdit}
          onShowLine={onShowLine}
        />
      ) : (
        <p className="muted">{t("forms:none")}</p>
      )}
      <BuildForm world={world} kinds={formKinds.filter((one) => one.create)} onCreate={create} onEdit={onEdit} />
    </div>
  );
}

function kindOf({ kind, group }: FormDocument): FormKind | undefined {
  return formKinds.find((one) => one.kind === kind && one.apiVersion.startsWith(`${group}/`));
}

/** By service, in the order in which they stand; what is about none comes last. */
function groupsOf(documents: readonly FormDocument[]): [service: string, documents: FormDocument[]][] {
  const groups = new Map<string, FormDocument[]>();
  for (const document of documents) {
    const service = kindOf(document)?.services(document.object)[0] ?? "";
    groups.set(service, [...(groups.get(service) ?? []), document]);
  }
  return [...groups].sort(([a], [b]) => Number(a === "") - Number(b === ""));
}
