import { expect, test } from "vitest";
import type { Decision, RequestExplanation } from "#engine";
import { createTexts } from "../../../../src/ui/sandbox/texts.tsx";
import {
  decisionSentence,
  failureSentence,
  hopTree,
  summarizeFailure,
} from "../../../../src/ui/sandbox/why/explanation-words.ts";
import { fakeExplanation } from "../fake-simulation.ts";

const en = createTexts("en");
const ru = createTexts("ru");

function withDecisions(...decisions: Partial<Decision>[]): RequestExplanation {
  const explanation = fakeExplanation(20);
  const [first, second] = explanation.hops;
  const whole = decisions.map(
    (decision): Decision => ({
      atMs: 0,
      stage: "route",
      code: "x",
      params: {},
      by: "",
      side: "client",
      considered: [],
      ...decision,
    }),
  );
  return { ...explanation, hops: [first!, { ...second!, decisions: whole }] };
}

test("the cause is the deepest failing hop; the sentence names status, workload and the line that decided", () => {
  const summary = summarizeFailure(fakeExplanation(20));
  expect(summary).toMatchObject({ status: 503, from: "checkout", to: "payments", workload: "payments-v2", source: { line: 14 } });
  expect(failureSentence(summary!, en)).toMatch(/^503 from payments-v2\. .*[^.]: line 14$/);
  expect(failureSentence(summary!, ru)).toMatch(/^503 от payments-v2\. .*[^.]: строка 14$/);
});

test("a request that went well has no failure to explain", () => {
  expect(summarizeFailure(fakeExplanation(21))).toBeNull();
});

test("a refusal on the way outweighs the route that was found", () => {
  const summary = summarizeFailure(
    withDecisions({ stage: "route", code: "route.matched" }, { stage: "authorization", code: "authorization.noAllowMatched" }),
  );
  expect(summary?.decision?.code).toBe("authorization.noAllowMatched");
});

test("records of what went well do not pass for the cause", () => {
  const summary = summarizeFailure(
    withDecisions({ stage: "application", code: "application.reset" }, { stage: "tls", code: "tls.mutual" }),
  );
  expect(summary?.decision?.code).toBe("application.reset");
});

test("without an answer the sentence says so, and where", () => {
  const explanation = fakeExplanation(20);
  const cut: RequestExplanation = {
    requestId: 20,
    log: [],
    hops: [{ ...explanation.hops[0]!, status: null, flags: ["UF"], attempts: [], decisions: [] }],
  };
  expect(failureSentence(summarizeFailure(cut)!, en)).toBe("No HTTP answer UF between client and checkout");
});

test("what a connection or answer lacks is said in words, never as empty quotes or status 0", () => {
  const none = { code: "filterChain.none", params: { chain: "", transport: "raw_buffer", sni: "" } };
  expect(decisionSentence(none, en)).toBe("No filter chain fits (transport raw_buffer, no SNI): the connection is closed.");
  expect(decisionSentence({ ...none, params: { ...none.params, sni: "a.b" } }, en)).toContain("“a.b”");
  for (const texts of [en, ru]) {
    for (const code of ["filterChain.none", "filterChain.matched"]) {
      expect(decisionSentence({ ...none, code }, texts)).not.toMatch(/[“«]\s*[”»]/);
    }
    const sent = { code: "response.sent", params: { status: 0, details: "connection_termination" } };
    expect(decisionSentence(sent, texts)).not.toMatch(/(^|\s)0(\s|$)/);
  }
});

test("a refused plaintext caller reads the server's own flag, the policy and its line", () => {
  const source = {
    file: "mesh.yaml",
    kind: "PeerAuthentication",
    name: "default",
    namespace: "shop",
    path: "spec",
    line: 7,
    column: 3,
  };
  const params = { flag: "NR", details: "filter_chain_not_found" };
  const refused = withDecisions({ code: "tls.refusedPlaintext", stage: "tls", params, source });
  expect(failureSentence(summarizeFailure(refused)!, en)).toMatch(
    /own log says NR \(filter_chain_not_found\).*plaintext connection: PeerAuthentication default, line 7$/,
  );
  expect(failureSentence(summarizeFailure(refused)!, ru)).toMatch(/NR.*: PeerAuthentication default, строка 7$/);
});

test("a code without a sentence shows itself with its parameters rather than nothing", () => {
  expect(decisionSentence({ code: "unheard.of", params: { port: 80 } }, en)).toBe("unheard.of port=80");
});

test("hops keep their order and get the depth of the call that caused them", () => {
  expect(hopTree(fakeExplanation(20)).map(({ hop, depth }) => [hop.to, depth])).toEqual([
    ["checkout", 0],
    ["payments", 1],
  ]);
});
