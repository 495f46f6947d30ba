/**
 * What the page costs beside the run: 12 services under 20,000 requests a second in slices of an animation frame, CPU of the run itself and
 * of what the page is sent (movement each frame, numbers four times a second, cloned as by postMessage). Prints one line of JSON.
 */
import { planRun, runPlanOf, type Session, startSession } from "#scenario";
import { loadExperiment } from "./load-experiment.ts";

const frameMs = 1000 / 60;
const framesPerNumbers = 15;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function measureFrames() {
  const planned = planRun([{ name: "load.yaml", text: loadExperiment() }]);
  if (!planned.ok) throw new Error(JSON.stringify(planned.diagnostics));
  const session = startSession(runPlanOf(planned.plan), 1, { series: true });
  session.run(2000);
  let sentMs = 0;
  let objects = 0;
  const frames = 600;
  const callsBefore = calls(session);
  const runMs = cpuMs(() => {
    let afterFlightId = 0;
    let afterRequests = 0;
    for (let frame = 1; frame <= frames; frame++) {
      session.run(2000 + frame * frameMs);
      sentMs += cpuMs(() => {
        const movement = session.movement({ afterFlightId, maxFlights: 64, afterRequests, maxRequests: 20 });
        ({ lastFlightId: afterFlightId, requestsEnded: afterRequests } = movement);
        objects += movement.flights.length + movement.failed.length;
        structuredClone(movement);
        if (frame % framesPerNumbers === 0) structuredClone(session.frame({ afterFlightId, maxFlights: 0, maxRequests: 200 }));
      });
    }
  });
  const requests = calls(session) - callsBefore;
  return { ratio: sentMs / (runMs - sentMs), usPerRequest: (sentMs * 1000) / requests, objectsPerFrame: objects / frames };
}

function calls(session: Session): number {
  const { edges } = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 0 });
  return edges.reduce((sum, edge) => sum + edge.requests, 0);
}

process.stdout.write(`${JSON.stringify(measureFrames())}\n`);
