import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { openSession } from "#scenario";
import { addService, addVersion } from "../../../src/ui/sandbox/forms/build-mesh.ts";
import { makeChange } from "../../../src/ui/sandbox/forms/form-edit.ts";
import { readWorld } from "../../../src/ui/sandbox/forms/form-world.ts";
import { experiment } from "../../../src/ui/sandbox/forms/kinds/experiment.ts";
import { RolloutPanel } from "../../../src/ui/sandbox/rollout/RolloutPanel.tsx";
import { createTexts, TextsProvider } from "../../../src/ui/sandbox/texts.tsx";

/** A service with a canary and a rollout, made by forms alone. */
function built() {
  let files = addService([{ name: "m.yaml", text: "" }], { name: "pay", namespace: "default", port: 80, calledBy: "" });
  files = files && addVersion(files, "pay", "default", 10);
  const world = readWorld(files ?? []);
  const document = world.experiment;
  const change =
    document &&
    experiment
      .groups(document.object, world)
      .flatMap((group) => group.changes ?? [])
      .find(({ path }) => path[1] === "rollout");
  const text = document && change ? makeChange(files ?? [], document, change) : null;
  return [{ name: "m.yaml", text: text ?? "" }];
}

test.each(["en", "ru"] as const)(
  "in %s a rollout added by a form runs, and each of its checks is a row with the reason",
  (language) => {
    const { t } = createTexts(language);
    const files = built();
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
