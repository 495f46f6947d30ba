/**
 * The worlds of the fuzz against Envoy (its topics of single requests), here against themselves: what “why?” tells of a request agrees
 * with the line that the run wrote of it.
 */
import { expect, test } from "vitest";
import { startSession } from "#scenario";
import { plannedFor } from "../oracle/envoy-fuzz/ask.ts";
import { type Dice, rollingFrom } from "../oracle/envoy-fuzz/dice.ts";
import {
  choiceWorld,
  filterWorld,
  hostWorld,
  limitWorld,
  redirectWorld,
  retryWorld,
  routingWorld,
  tokenWorld,
  type World,
} from "../oracle/envoy-fuzz/world.ts";
import { whileWorking } from "../support/speed.ts";

const topics: [string, (dice: Dice) => World][] = Object.entries({
  routes: routingWorld,
  filters: filterWorld,
  retries: retryWorld,
  redirects: redirectWorld,
  hosts: hostWorld,
  choices: choiceWorld,
  limits: limitWorld,
  tokens: tokenWorld,
});
const seeds = whileWorking([3], [1, 2, 3, 4]);
/** Of a world's requests each so many-th is asked about. */
const step = whileWorking(8, 4);

test.each(topics)(
  "%s: the records of a request say what its line says",
  async (_, make) => {
    for (const seed of seeds) {
      const world = make(rollingFrom(seed));
      const planned = await plannedFor({ ...world, requests: world.requests.filter((_, at) => at % step === 0) });
      if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
      const session = startSession(planned.plan, 1);
      session.run();
      const written = Map.groupBy(session.accessLog(), (line) => line.REQUEST_ID);
      const { requests } = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 512 });
      expect(requests.length).toBeGreaterThan(20);
      for (const { requestId } of requests) {
        const { hops = [], log = [] } = session.explain(requestId) ?? {};
        const [hop] = hops;
        // Of the proxy that the client asked; one that follows redirects itself writes several.
        const lines = log.filter((one) => one.DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT === "-");
        const line = lines.at(-1);
        if (hop === undefined || line === undefined) throw new Error(`request ${requestId} has no record`);
        expect(log).toEqual(written.get(line.REQUEST_ID));
        const { RESPONSE_CODE: status, RESPONSE_FLAGS: flags, RESPONSE_CODE_DETAILS: details } = line;
        expect([hop.status, hop.flags.join(",") || "-"]).toEqual([status, flags]);
        const { decisions } = hop;
        const answered = decisions.findLast(({ code }) => /^response\.(?:sent|flagged)/.test(code));
        expect(answered?.params).toMatchObject({ status, flags, details });
        const told = (stage: string, ...names: string[]) =>
          decisions.filter((one) => one.stage === stage).flatMap(({ params }) => names.map((name) => params[name]));
        // Of a redirect that was not followed the line names the route that it would have taken.
        const isLookedUp = decisions.some(({ code }) => code === "route.redirectHandedOn");
        if (line.ROUTE_NAME !== "-" && !isLookedUp) expect(told("route", "route", "taken")).toContain(line.ROUTE_NAME);
        // A host that was never found, or could not be asked, counts as a try.
        const unfound = decisions.filter(({ code }) => code === "host.none").length;
        expect(lines.reduce((sum, one) => sum + one.UPSTREAM_REQUEST_ATTEMPT_COUNT, 0)).toBe(hop.attempts.length + unfound);
        // Of a filter's refusal the line names the cluster beyond it; of a redirect that was not followed, where that would have led.
        const isAsked = line.UPSTREAM_REQUEST_ATTEMPT_COUNT > 0 && line.UPSTREAM_CLUSTER !== "-";
        if (isAsked) expect(told("cluster", "cluster")).toContain(line.UPSTREAM_CLUSTER);
        const last = hop.attempts.at(-1);
        if (last?.flag !== "UO") expect(last?.address ?? "-").toBe(line.UPSTREAM_HOST);
        if (line.UPSTREAM_HOST !== "-") expect(told("host", "address")).toContain(line.UPSTREAM_HOST);
      }
    }
  },
  120_000,
);
