import { expect, test } from "vitest";
import type { Flight } from "#engine";
import { createDotPool, travelMs } from "../../../../src/ui/sandbox/graph/dots.ts";
import { type DotPaper, drawDots } from "../../../../src/ui/sandbox/graph/draw-dots.ts";
import { measureTrack, placeOn } from "../../../../src/ui/sandbox/graph/track.ts";

const corner = [
  { x: 0, y: 0 },
  { x: 30, y: 0 },
  { x: 30, y: 10 },
];
const palette = { request: "request", response: "response", failed: "failed", mirror: "mirror" };

function flight(id: number, part: Partial<Flight>): Flight {
  const names = { from: "a", to: "b", toWorkload: `b-${id}`, toReplica: 0 };
  return { id, requestId: id, kind: "request", attempt: 1, ...names, atMs: 0, status: 0, flags: "", mutualTls: true, ...part };
}

/** What a canvas was told, in words. */
function recordingPaper() {
  const said: string[] = [];
  const say =
    (name: string) =>
    (...args: unknown[]) =>
      said.push(`${name} ${args.map((arg) => (typeof arg === "number" ? Math.round(arg * 10) / 10 : arg)).join(" ")}`.trim());
  const paper = { fillStyle: "", strokeStyle: "", lineWidth: 0, font: "" } as unknown as DotPaper;
  for (const name of ["beginPath", "moveTo", "lineTo", "arc", "fill", "stroke", "fillText"] as const)
    Object.assign(paper, { [name]: name === "fill" ? () => said.push(`fill ${paper.fillStyle}`) : say(name) });
  return { paper, said };
}

function draw(flights: readonly Flight[], clockMs: number): string[] {
  const pool = createDotPool();
  pool.add(flights, 0);
  const { paper, said } = recordingPaper();
  const track = measureTrack(corner);
  drawDots(paper, pool.at(clockMs), clockMs, (dot) => (dot.flight.toWorkload === "gone" ? null : track), palette);
  return said;
}

test("half of the way is half of its length, also round a corner; beyond its ends there is nothing", () => {
  const track = measureTrack(corner)!;
  const at = (fraction: number) => placeOn(track, fraction, { x: 0, y: 0, acrossX: 0, acrossY: 0 });
  expect(at(0.5)).toEqual({ x: 20, y: 0, acrossX: -0, acrossY: 1 });
  expect(at(0.875)).toMatchObject({ x: 30, y: 5, acrossX: -1 });
  expect(at(2)).toMatchObject({ x: 30, y: 10 });
  expect(at(-1)).toMatchObject({ x: 0, y: 0 });
  expect(measureTrack([{ x: 3, y: 3 }])).toBeNull();
});

test("dots that look alike are one path; what the graph does not show is not drawn", () => {
  const many = Array.from({ length: 200 }, (_, id) => flight(id, {}));
  const said = draw([...many, flight(300, { toWorkload: "gone" })], travelMs / 2);
  expect(said.filter((line) => line.startsWith("arc"))).toHaveLength(200);
  expect(said.filter((line) => line.startsWith("fill"))).toEqual(["fill request"]);
});

test("a failed response is a cross, a refused message stops at a bar, a retry carries its number", () => {
  expect(draw([flight(1, { kind: "response", status: 503 })], 1)).toEqual(
    expect.not.arrayContaining([expect.stringMatching(/^arc/)]),
  );
  expect(draw([flight(1, { kind: "refused", status: 403 })], travelMs / 2)).toContain("fill failed");
  const retried = draw([flight(1, { kind: "retry", attempt: 3 })], travelMs / 2);
  expect(retried.find((line) => line.startsWith("fillText"))).toMatch(/^fillText 3 /);
});
