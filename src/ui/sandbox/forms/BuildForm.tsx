/** What is not there yet: a service, a further version, a policy for a service. */
import { useId, useState } from "react";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { useTexts } from "../texts.tsx";
import { addService, addVersion } from "./build-mesh.ts";
import type { OnEdit } from "./FormsPane.tsx";
import type { FormKind } from "./form-kind.ts";
import type { FormWorld } from "./form-world.ts";

interface BuildFormProps {
  world: FormWorld;
  kinds: readonly FormKind[];
  onCreate(kind: FormKind, service: FormWorld["services"][number]): Promise<boolean>;
  onEdit: OnEdit;
}

const dnsLabel = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
/** A canary's first share, percent. */
const firstWeight = 10;

export function BuildForm({ world, kinds, onCreate, onEdit }: BuildFormProps) {
  const { t } = useTexts();
  const id = useId();
  const [name, setName] = useCarriedState("build name", "");
  const [caller, setCaller] = useCarriedState("build caller", "");
  const [target, setTarget] = useCarriedState("build target", "");
  const [said, setSaid] = useState("");
  const { services } = world;
  const service = services.find((one) => one.name === target) ?? services[0];
  const taken = services.some((one) => one.name === name.trim());
  const wrong = name !== "" && (!dnsLabel.test(name.trim()) || taken);
  const tell = async (taken: Promise<boolean>, done: string) => {
    const isTaken = await taken;
    setSaid(isTaken ? done : t("forms:byHand"));
    return isTaken;
  };
  const add = async () => {
    if (name.trim() === "" || wrong) return;
    const namespace = services[0]?.namespace ?? "default";
    const service = { name: name.trim(), namespace, port: 8080, calledBy: caller };
    const isAdded = await tell(
      onEdit((draft) => addService(draft, service)),
      t("forms:build.addedService", { name: service.name }),
    );
    if (!isAdded) return;
    setCaller(service.name);
    setName((now) => (now === name ? "" : now));
  };
  return (
    <fieldset className="build-form">
      <legend>{t("forms:build.title")}</legend>
      <div className="form-field">
        <label htmlFor={`${id}-name`}>{t("forms:build.service")}</label>
        <input
          id={`${id}-name`}
          type="text"
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          value={name}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.code === "Enter" && void add()}
        />
        {wrong ? (
          <span id={`${id}-wrong`} className="form-error">
            {t(taken ? "forms:build.taken" : "forms:build.name")}
          </span>
        ) : null}
      </div>
      <div className="form-field">
        <label htmlFor={`${id}-caller`}>{t("forms:build.caller")}</label>
        <select
          id={`${id}-caller`}
          value={services.some((one) => one.name === caller) ? caller : ""}
          onChange={(event) => setCaller(event.target.value)}
        >
          <option value="">{t("forms:build.client")}</option>
          {services.map((one) => (
            <option key={`${one.namespace}/${one.name}`} value={one.name}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      <button type="button" onClick={() => void add()}>
        {t("forms:build.add")}
      </button>
      {service ? (
        <>
          <div className="form-field">
            <label htmlFor={`${id}-target`}>{t("forms:build.for")}</label>
            <select id={`${id}-target`} value={service.name} onChange={(event) => setTarget(event.target.value)}>
              {services.map((one) => (
                <option key={`${one.namespace}/${one.name}`} value={one.name}>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
          <div className="form-changes">
            <button
              type="button"
              onClick={() =>
                void tell(
                  onEdit((draft) => addVersion(draft, service.name, service.namespace, firstWeight)),
                  t("forms:build.addedVersion", { name: service.name, weight: firstWeight }),
                )
              }
            >
              {t("forms:build.version", { weight: firstWeight })}
            </button>
            {kinds.map((kind) => (
              <button
                key={kind.kind}
                type="button"
                onClick={() =>
                  void tell(onCreate(kind, service), t("forms:build.added", { kind: kind.kind, name: service.name }))
                }
              >
                + {kind.kind}
              </button>
            ))}
          </div>
        </>
      ) : null}
      <p className="muted" role="status">
        {said}
      </p>
    </fieldset>
  );
}
