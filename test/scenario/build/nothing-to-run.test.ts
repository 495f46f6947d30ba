/** What holds nothing to run is refused with the reason, never without one. */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const bootstrap = `# mine
static_resources:
  clusters:
  - name: c
    load_assignment: { cluster_name: c, endpoints: [] }
`;

test.each([
  ["a bootstrap that nobody calls", bootstrap, ["MESH1530 2"]],
  ["a kind that nobody knows", "apiVersion: foo.dev/v1\nkind: Bar\nmetadata: { name: x }\n", ["MESH1525 1"]],
  ["comments alone", "# nothing yet\n", ["MESH1525 1"]],
  ["a bootstrap that is refused anyhow", bootstrap.replace("- name: c", "- name: c\n    fooBar: 1"), ["MESH1905 5"]],
])("%s", (_name, text, expected) => {
  const opened = openSession([{ name: "x.yaml", text }]);
  const found = opened.ok ? [] : opened.diagnostics.filter(({ severity }) => severity === "error");
  expect(found.map(({ code, line }) => `${code} ${line}`)).toEqual(expected);
});
