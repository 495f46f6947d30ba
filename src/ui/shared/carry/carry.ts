/**
 * What a reader is in the middle of, taken along to the same page in the other language. Whoever holds such a state says under a name
 * what to take (`carry`) and asks on arrival whether something was brought (`carried`). It travels once, within a minute, from a page to
 * its twin and to no other; whether it may still be used is for the taker to say, who knows what is newer.
 */

export interface Carrier {
  /** @param pack what to take along now, as JSON; undefined: nothing. @returns takes the name back */
  carry(name: string, pack: () => unknown): () => void;
  /** What was brought under this name, once; undefined where nothing was. */
  carried(name: string): unknown;
  /** Before the page is left for its twin. */
  depart(): void;
}

interface Surroundings {
  /** Null where the browser refuses it: then nothing travels. */
  storage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  /** Path and query of the page, as the address has them. */
  place(): string;
  nowMs(): number;
}

interface Luggage {
  format: 1;
  language: string;
  page: string;
  packedMs: number;
  items: Record<string, unknown>;
}

const key = "meshwise.carry";
const longestWayMs = 60_000;

export function createCarrier({ storage, place, nowMs }: Surroundings): Carrier {
  const packs = new Map<string, () => unknown>();
  let brought: Map<string, unknown> | null = null;

  /** The bag is emptied at once: a reload finds nothing of it. */
  function unpack(): Map<string, unknown> {
    try {
      const kept = storage();
      const luggage: unknown = JSON.parse(kept?.getItem(key) ?? "null");
      kept?.removeItem(key);
      return isLuggage(luggage) && isMeantFor(luggage) ? new Map(Object.entries(luggage.items)) : new Map();
    } catch {
      return new Map();
    }
  }

  function isMeantFor({ language, page, packedMs }: Luggage): boolean {
    const here = readPlace(place());
    const ageMs = nowMs() - packedMs;
    return page === here.page && language !== here.language && ageMs >= 0 && ageMs <= longestWayMs;
  }

  return {
    carry(name, pack) {
      packs.set(name, pack);
      return () => {
        if (packs.get(name) === pack) packs.delete(name);
      };
    },
    carried(name) {
      brought ??= unpack();
      const item = brought.get(name);
      brought.delete(name);
      return item;
    },
    depart() {
      // What nobody asked for yet, because its island was not looked at, travels on.
      brought ??= unpack();
      const items = Object.fromEntries(brought);
      for (const [name, pack] of packs) {
        const item = packed(pack);
        if (item !== undefined) items[name] = item;
      }
      const luggage: Luggage = { format: 1, ...readPlace(place()), packedMs: nowMs(), items };
      try {
        storage()?.setItem(key, JSON.stringify(luggage));
      } catch {
        // Too much, or no storage: the page opens as it would have.
      }
    },
  };
}

function packed(pack: () => unknown): unknown {
  try {
    return pack();
  } catch (error) {
    // One state that cannot be told must not keep the others here.
    console.warn(error);
    return undefined;
  }
}

/** "/ru/sandbox/?level=x" → { language: "ru", page: "/sandbox/?level=x" } */
function readPlace(place: string): { language: string; page: string } {
  const [, language = "", page = ""] = /^\/([^/?]*)(.*)$/.exec(place) ?? [];
  return { language, page };
}

function isLuggage(value: unknown): value is Luggage {
  if (typeof value !== "object" || value === null) return false;
  const luggage = value as Partial<Luggage>;
  return luggage.format === 1 && typeof luggage.items === "object" && luggage.items !== null;
}

/** The one of this page. */
export const { carry, carried, depart } = createCarrier({
  storage: () => sessionStorage,
  place: () => location.pathname + location.search,
  nowMs: Date.now,
});
