/** The files as forms: choose a document, change its fields; every change is an edit of the same text. A chunk of its own. */
import "./forms.css";
import { useMemo } from "react";
import type { Diagnostic, MeshFile } from "#mesh";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { useTexts } from "../texts.tsx";
import { BuildForm } from "./BuildForm.tsx";
import { homeOf } from "./build-mesh.ts";
import { DocumentForm } from "./DocumentForm.tsx";
import { appendDocument, textOf } from "./form-edit.ts";
import type { FormKind } from "./form-kind.ts";
import { type FormDocument, type FormWorld, readWorld } from "./form-world.ts";
import { formKinds } from "./kinds/index.ts";

export interface FormsPaneProps {
  files: readonly MeshFile[];
  diagnostics: readonly Diagnostic[];
  judged: boolean;
  onChange(name: string, text: string): void;
  onShowLine(file: string, line: number): void;
}

const idOf = ({ file, index, kind, name }: FormDocument) => `${file} ${index} ${kind} ${name}`;

export default function FormsPane(props: FormsPaneProps) {
  const { files } = props;
  const { t } = useTexts();
  const world = useMemo(() => readWorld(files), [files]);
  const known = world.documents.filter((document) => kindOf(document));
  const [chosen, setChosen] = useCarriedState("form", "");
  const document =
    known.find((one) => idOf(one) === chosen) ??
    known.find((one) => one.name !== "" && `${one.kind} ${one.name}` === chosen) ??
    known[0];
  const kind = document && kindOf(document);
  const create = (maker: FormKind, service: FormWorld["services"][number]) => {
    const made = maker.create?.(service, world);
    if (!made) return;
    const home = homeOf(files);
    props.onChange(home, appendDocument(textOf(files, home), made));
    setChosen(`${maker.kind} ${service.name}`);
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
      {world.documents.some(({ editable }) => !editable) ? <p className="notice notice-warning">{t("forms:broken")}</p> : null}
      {document && kind ? (
        <DocumentForm
          key={idOf(document)}
          document={document}
          kind={kind}
          world={world}
          files={files}
          diagnostics={props.judged ? props.diagnostics : []}
          onChange={(text) => props.onChange(document.file, text)}
          onShowLine={props.onShowLine}
        />
      ) : (
        <p className="muted">{t("forms:none")}</p>
      )}
      <BuildForm
        world={world}
        files={files}
        kinds={formKinds.filter((one) => one.create)}
        onCreate={create}
        onFiles={(next) => {
          for (const file of next) if (file.text !== textOf(files, file.name)) props.onChange(file.name, file.text);
        }}
      />
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
