/** Every form on real documents: what is set is read back by the mesh layer, and what is built runs. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { valueAt } from "#base";
import { createTranslator } from "#i18n";
import type { Diagnostic, MeshFile } from "#mesh";
import { lintFiles, openSession } from "#scenario";
import { addService, addVersion } from "../../../../src/ui/sandbox/forms/build-mesh.ts";
import { Forms } from "../../../../src/ui/sandbox/forms/FormsPane.tsx";
import { shownValue, typedValue } from "../../../../src/ui/sandbox/forms/field-value.ts";
import { addDocument, editField, type FormDraft, makeChange, openDraft } from "../../../../src/ui/sandbox/forms/form-draft.ts";
import type { FormControl } from "../../../../src/ui/sandbox/forms/form-kind.ts";
import { formKinds } from "../../../../src/ui/sandbox/forms/kinds/index.ts";
import { TextsProvider } from "../../../../src/ui/sandbox/texts.tsx";
import { directDesk } from "../direct-desk.ts";

const mesh = `# our shop
apiVersion: v1
kind: Service
metadata: { name: payments, namespace: shop }   # the service
spec: { selector: { app: payments }, ports: [{ name: http, port: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
  - name: all   # everybody
    route:
    - destination: { host: payments, subset: v1 }
      weight: 95
    - destination: { host: payments, subset: v2 }
      weight: 5
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments, namespace: shop }
spec:
  host: payments
  # versions
  subsets:
  - { name: v1, labels: { version: v1 } }
  - name: v2
    labels: { version: v2 }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: payments, namespace: shop }
spec:
  selector: { matchLabels: { app: payments } }
  rules:
  - to:
    - operation: { methods: [GET] } # only reads
`;
const run = `apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: x }
spec:
  workloads:
  - name: client
    namespace: shop
  - name: payments-v1 # stable
    namespace: shop
    service: payments
    labels: { app: payments, version: v1 }
    behaviour: { serviceTime: { exponential: 5ms } }
  - name: payments-v2
    namespace: shop
    service: payments
    labels: { app: payments, version: v2 }
  traffic:
  - { name: pay, from: client, to: "http://payments.shop:8080/", rate: 50/s, headers: { x-user: beta } }
`;
const files: readonly MeshFile[] = [
  { name: "mesh.yaml", text: mesh },
  { name: "run.yaml", text: run },
];
const errors = (some: readonly MeshFile[]) => lintFiles(some).filter(({ severity }) => severity === "error");

function sampleOf(control: FormControl): string {
  if (control.type === "number") return String(Math.min(control.max ?? 7, Math.max(control.min ?? 7, 7)));
  if (control.type === "duration") return "250ms";
  if (control.type === "list") return "GET, POST";
  if (control.type === "choice") return control.options.at(-1) ?? "";
  return control.suggestions?.[0] ?? "5";
}

const comments = (text: string) => [...text.matchAll(/# .*/g)].map(([found]) => found);

async function draftOf(some: readonly MeshFile[]): Promise<FormDraft> {
  const draft = await openDraft(directDesk, some);
  if (!draft) throw new Error("nobody read it");
  return draft;
}

test.each(formKinds.map((kind) => [kind.kind, kind] as const))(
  "%s: every field can be set and emptied again",
  async (_, kind) => {
    const draft = await draftOf(files);
    const own = ({ world }: FormDraft) => world.documents.find((one) => one.kind === kind.kind);
    const textOf = ({ files: some }: FormDraft, name: string) => some.find((file) => file.name === name)?.text ?? "";
    const document = own(draft);
    if (!document) throw new Error(`no ${kind.kind} in the sample`);
    const fields = kind.groups(document.object, draft.world).flatMap((group) => group.fields);
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) {
      const place = field.path.join(".");
      const typed = typedValue(sampleOf(field.control), field.control);
      if (!typed.ok) throw new Error(`${place}: ${typed.why}`);
      const changed = await editField(draft, document, field, typed.value);
      if (changed === null) throw new Error(`${place} cannot be set`);
      const after = own(changed);
      expect(valueAt(after?.object, field.path), place).toEqual(typed.value);
      expect(comments(textOf(changed, document.file)), place).toEqual(comments(textOf(draft, document.file)));
      const left = after && (await editField(changed, after, field, undefined));
      expect(left, place).not.toBeNull();
      expect(left && valueAt(own(left)?.object, field.path), place).toBeUndefined();
    }
  },
);

test.each(formKinds.filter(({ create }) => create).map((kind) => [kind.kind, kind] as const))(
  "a new %s is clean",
  async (_, kind) => {
    const bare = await draftOf(
      files.map((file) => (file.name === "mesh.yaml" ? { ...file, text: mesh.split("---")[0] ?? "" } : file)),
    );
    const service = { name: "payments", namespace: "shop" };
    const made = await addDocument(bare, kind.create?.(service, bare.world));
    const versions =
      made && kind.kind === "VirtualService" ? await addDocument(made, formKinds[1]?.create?.(service, made.world)) : made;
    if (!versions) throw new Error("not added");
    const { world } = versions;
    expect(errors(versions.files).map(({ code, path }) => `${code} ${path}`)).toEqual([]);
    const document = world.documents.find((one) => one.kind === kind.kind);
    expect(document && kind.services(document.object)).toEqual(["payments"]);
    for (const change of document ? kind.groups(document.object, world).flatMap((group) => group.changes ?? []) : []) {
      const changed = document && (await makeChange(versions, document, change));
      expect(changed?.files, JSON.stringify(change.path)).not.toEqual(versions.files);
    }
  },
);

test("what a form showed before the text changed under it is not written over the newer text", async () => {
  const shown = await draftOf(files);
  const route = shown.world.documents.find(({ kind }) => kind === "VirtualService");
  if (!route) throw new Error("no route in the sample");
  const field = { path: ["spec", "http", 0, "route", 0, "weight"], root: ["spec", "http", 0] };
  const newer = await editField(shown, route, field, 60);
  if (!newer) throw new Error("not set");
  // Another field of the same document is: it says what the form showed.
  const other = await editField(newer, route, { ...field, path: ["spec", "http", 0, "timeout"] }, "2s");
  expect(other?.files[0]?.text).toContain("weight: 60");
  expect(other?.files[0]?.text).toContain("timeout: 2s");
  expect(await editField(newer, route, field, 70)).toBe(newer);
  const gone = await draftOf([{ name: "mesh.yaml", text: "kind: Service\n" }]);
  expect(await editField(gone, route, field, 70)).toBe(gone);
});

test("a chain of three services and a canary, built by forms from nothing, runs", async () => {
  const add = async (draft: FormDraft | null, name: string, calledBy: string) =>
    draft && addService(draft, { name, namespace: "default", port: 8080, calledBy });
  const empty = await draftOf([{ name: "mesh.yaml", text: "" }]);
  const chain = await add(await add(await add(empty, "shop", ""), "cart", "shop"), "payments", "cart");
  // Pressed twice: one service all the same.
  expect(await add(chain, "payments", "cart")).toBe(chain);
  const built = (chain && (await addVersion(chain, "payments", "default", 10)))?.files;
  expect(errors(built ?? [])).toEqual([]);
  const opened = openSession(built ?? []);
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run(20_000);
  const { arrivals, edges } = opened.session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 });
  const count = (name: string) =>
    arrivals?.filter(({ workload }) => workload === name).reduce((sum, row) => sum + row.requests, 0) ?? 0;
  expect(edges.map(({ to }) => to.name).sort()).toEqual(["cart", "payments", "shop"]);
  const [stable, canary] = [count("payments-v1"), count("payments-v2")];
  expect(stable + canary).toBeGreaterThan(800);
  expect(Math.abs(canary / (stable + canary) - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / (stable + canary)));
});

test("a canary joins a route that had one destination without a weight", async () => {
  const text = `${mesh.split("---").slice(0, 1).join("")}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments]
  http:
  - route: [{ destination: { host: payments } }] # one
`;
  const only = run.replace(/ {2}- name: payments-v2[\s\S]*?v2 }\n/, "");
  const draft = await draftOf([
    { name: "mesh.yaml", text },
    { name: "run.yaml", text: only },
  ]);
  const built = (await addVersion(draft, "payments", "shop", 10))?.files;
  expect(built?.[0]?.text).toContain(
    "route: [{ destination: { host: payments, subset: v1 }, weight: 90 }, { destination: { host: payments, subset: v2 }, weight: 10 }] # one",
  );
  expect(built && errors(built)).toEqual([]);
});

test("typed values: numbers in both notations, durations, lists, nothing", () => {
  expect(typedValue("2,5", { type: "number" })).toEqual({ ok: true, value: 2.5 });
  expect(typedValue("x", { type: "number" })).toEqual({ ok: false, why: "number" });
  expect(typedValue("101", { type: "number", max: 100 })).toEqual({ ok: false, why: "range" });
  expect(typedValue("1m30s", { type: "duration" })).toEqual({ ok: true, value: "1m30s" });
  expect(typedValue("soon", { type: "duration" })).toEqual({ ok: false, why: "duration" });
  expect(typedValue(" ", { type: "text" })).toEqual({ ok: true, value: undefined });
  expect(shownValue(["GET", "POST"])).toBe("GET, POST");
});

test.each(["en", "ru"] as const)("in %s every field has a label, and a finding stands beside its field", async (language) => {
  const t = createTranslator(language);
  const finding: Diagnostic = {
    ...{ code: "MESH1107", severity: "error", source: "apiserver", params: { value: -1, minimum: 0 } },
    ...{ file: "mesh.yaml", kind: "VirtualService", name: "payments", namespace: "shop", path: "spec.http[0].route[0].weight" },
    ...{ line: 1, column: 1, endLine: 1, endColumn: 2 },
  } as Diagnostic;
  const draft = await draftOf(files);
  const markup = renderToStaticMarkup(
    <TextsProvider language={language}>
      <Forms draft={draft} diagnostics={[finding]} onEdit={async () => true} onShowLine={() => undefined} />
    </TextsProvider>,
  );
  const labels = markup.match(/<label for/g) ?? [];
  expect(labels.length).toBe((markup.match(/<(?:input|select) id/g) ?? []).length);
  expect(markup).toContain(t("forms:route.weight", { to: "payments v1" }));
  expect(markup).toMatch(/aria-invalid="true"[^>]*value="95"/);
  expect(markup).toContain(`value="${"mesh.yaml"} 1 VirtualService payments"`);
});
