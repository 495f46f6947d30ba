/** 12 services under 20,000 requests a second: four chains of three, two versions of each, so that many messages go many ways. */
const services = 12;
const perSecond = 20_000;

export function loadExperiment(): string {
  const names = Array.from({ length: services }, (_, i) => `s${i + 1}`);
  const documents = names.map(
    (name) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }`,
  );
  const workloads = names.flatMap((name, i) => {
    const calls = i % 3 === 2 ? "" : `, calls: [{ to: "http://s${i + 2}/" }]`;
    const behaviour = `{ serviceTime: { exponential: 5ms }, concurrency: 64${calls} }`;
    return ["v1", "v2"].map(
      (version) =>
        `  - { name: ${name}-${version}, service: ${name}, labels: { app: ${name}, version: ${version} }, replicas: 2, behaviour: ${behaviour} }`,
    );
  });
  // A request of a source is three calls.
  const traffic = [1, 4, 7, 10].map(
    (n) => `  - { name: t${n}, from: client, to: "http://s${n}/", rate: ${Math.round(perSecond / services)}/s }`,
  );
  const spec = [
    "  duration: 600s",
    "  workloads:",
    "  - { name: client }",
    ...workloads,
    "  traffic:",
    ...traffic,
    "  expect: []",
  ];
  const head = "apiVersion: meshwise.dev/v1\nkind: Experiment\nmetadata: { name: load }\nspec:";
  return [...documents, [head, ...spec].join("\n")].join("\n---\n");
}
