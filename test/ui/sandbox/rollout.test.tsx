import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { openSession } from "#scenario";
import { addService, addVersion } from "../../../src/ui/sandbox/forms/build-mesh.ts";
import { makeChange, openDraft } from "../../../src/ui/sandbox/forms/form-draft.ts";
import { experiment } from "../../../src/ui/sandbox/forms/kinds/experiment.ts";
import { RolloutPanel } from "../../../src/ui/sandbox/rollout/RolloutPanel.tsx";
import { createTexts, TextsProvider } from "../../../src/ui/sandbox/texts.tsx";
import { directDesk } from "./direct-desk.ts";

/** A service with a canary and a rollout, made by forms alone. */
async function built() {
  const empty = await openDraft(directDesk, [{ name: "m.yaml", text: "" }]);
  const served = empty && (await addService(empty, { name: "pay", namespace: "default", port: 80, calledBy: "" }));
  const draft = served && (await addVersion(served, "pay", "default", 10));
  const document = draft?.world.experiment;
  const change =
    document &&
    experiment
      .groups(document.object, draft.world)
      .flatMap((group) => group.changes ?? [])
      .find(({ path }) => path[1] === "rollout");
  return (change && (await makeChange(draft, document, change))?.files) ?? [];
}

test.each(["en", "ru"] as const)(
  "in %s a rollout added by a form runs, and each of its checks is a row with the reason",
  async (language) => {
    const { t } = createTexts(language);
    const files = await built();
    expect(files[0]?.text).toContain("canary: pay-v2");
    const opened = openSession(files);
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    opened.session.run(25_000);
    const { rollout } = opened.session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 });
    expect(rollout?.phase).toBe("promoted");
    const show = (status: typeof rollout) =>
      renderToStaticMarkup(
        <TextsProvider language={language}>
          <RolloutPanel rollout={status} />
        </TextsProvider>,
      );
    const markup = show(rollout);
    expect(markup).toContain(t("rollout:phase.promoted", { weight: 100 }));
    expect(markup.match(/<th scope="row"/g)).toHaveLength(rollout?.checks.length ?? 0);
    expect(markup).toContain(t("rollout:verdict.advance", { weight: 40 }));
    const held = rollout && {
      ...rollout,
      phase: "progressing" as const,
      failedChecks: 2,
      checks: rollout.checks.map((one) => ({ ...one, verdict: "halt" as const, reason: "p99" as const })),
    };
    expect(show(held)).toContain(t("rollout:reason.p99"));
    expect(show(held)).toContain(t("rollout:failed", { count: 2, threshold: 3 }));
    expect(show(null)).toBe("");
  },
);
