/**
 * What the page itself takes along to its twin: where the reader stands (the same heading, however long its text is in the other
 * language) and which blocks were opened. Headings and blocks are the same in both languages, in the same order.
 */
import { carried, carry } from "./carry.ts";

/** What islands draw comes later, and they carry it themselves. */
const ofPage = ":not(astro-island *, [data-stage] *)";
/** What has its counterpart in the other language: by its number on the page. */
const anchors = `main :is(h1, h2, h3, h4, h5, h6, figure, [data-experiment], [data-question])${ofPage}`;
const blocks = `main details${ofPage}`;
/** Fields of the page itself, with what was typed. */
const fields = `main :is(input[type=search], input[type=text], textarea)${ofPage}`;
/** Islands that come alive change the heights above them: for so long the place is held, unless the reader moves. */
const settlingMs = 3000;
const readersMoves = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

interface Place {
  anchor: number;
  /** How far from this anchor to the next one, 0–1. */
  share: number;
  /** Of the heading that the address names. */
  named: number;
  opened: number[];
  typed: string[];
}

export function carryPage(): void {
  const brought = carried("page") as Place | undefined;
  if (brought) arrive(brought);
  carry("page", placeNow);
}

function placeNow(): Place {
  const all = [...document.querySelectorAll<HTMLElement>(anchors)];
  const tops = all.map(topOf);
  const top = visibleTop();
  const anchor = tops.findLastIndex((one) => one <= top + 1);
  const from = tops[anchor] ?? -window.scrollY;
  const to = tops[anchor + 1] ?? document.documentElement.scrollHeight - window.scrollY;
  const opened = [...document.querySelectorAll<HTMLDetailsElement>(blocks)].flatMap((one, index) => (one.open ? [index] : []));
  const typed = [...document.querySelectorAll<HTMLInputElement>(fields)].map(({ value }) => value);
  const share = Math.min(1, Math.max(0, (top - from) / Math.max(1, to - from)));
  const named = all.findIndex(({ id }) => id !== "" && `#${id}` === decodeURIComponent(location.hash));
  return { anchor: window.scrollY === 0 ? -1 : anchor, share, named, opened, typed };
}

function arrive({ anchor, share, named, opened, typed }: Place): void {
  const details = document.querySelectorAll<HTMLDetailsElement>(blocks);
  for (const index of opened) details[index]?.setAttribute("open", "");
  // Who listens to a field does so by then.
  document.addEventListener("DOMContentLoaded", () => {
    for (const [index, field] of document.querySelectorAll<HTMLInputElement>(fields).entries()) {
      const text = typed[index] ?? "";
      if (text === field.value) continue;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  const all = [...document.querySelectorAll<HTMLElement>(anchors)];
  const id = all[named]?.id;
  // The same heading has another name here.
  if (id) history.replaceState(history.state, "", `#${id}`);
  if (anchor < 0) return;
  const place = () => {
    const from = all[anchor];
    if (!from) return;
    const next = all[anchor + 1];
    const to = next ? topOf(next) : document.documentElement.scrollHeight - window.scrollY;
    window.scrollBy({ top: topOf(from) + share * (to - topOf(from)) - visibleTop(), behavior: "instant" });
  };
  place();
  const settling = new ResizeObserver(place);
  settling.observe(document.body);
  const rest = () => {
    settling.disconnect();
    for (const move of readersMoves) removeEventListener(move, rest);
  };
  for (const move of readersMoves) addEventListener(move, rest, { passive: true });
  setTimeout(rest, settlingMs);
}

const topOf = (element: HTMLElement): number => element.getBoundingClientRect().top;

/** Beneath the header, which stays. */
function visibleTop(): number {
  return Math.max(0, document.querySelector("header")?.getBoundingClientRect().bottom ?? 0);
}
