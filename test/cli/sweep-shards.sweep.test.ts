/** Shards of a sweep merge to the whole, byte for byte, or are refused. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { callCli } from "./call-cli.ts";
import { file, queue, sweep } from "./sweep-example.ts";

const json = sweep("--format", "json");
const text = sweep();

describe("shards", () => {
  let made = 0;
  /** Files of the shards, made with one job and then with more. */
  const shardsOf = async (count: number, run: typeof sweep): Promise<string[]> => {
    const files: string[] = [];
    for (let shard = 1; shard <= count; shard++) {
      const { out } = await run("--format", "json", "--shard", `${shard}/${count}`, "--jobs", `${shard}`);
      files.push(file(`shard-${made++}.json`, out));
    }
    return files;
  };
  const halves = shardsOf(2, sweep);
  const merge = (...args: string[]) => callCli(["sweep", "merge", ...args]);

  test.each([2, 5])("%i of them, in any order, merge to the whole in both formats", async (count) => {
    const files = (await (count === 2 ? halves : shardsOf(count, sweep))).toReversed();
    expect(await merge(...files, "--format", "json")).toEqual(await json);
    expect(await merge(...files)).toEqual(await text);
  });

  test("more of them than runs: some have none", async () => {
    const two = (...args: string[]) => callCli(["sweep", queue, "--param", "spec.traffic[0].rate=20/s,150/s", ...args]);
    expect(await merge(...(await shardsOf(3, two)))).toEqual(await two());
  });

  test("a shard says in its text what it is a part of", async () => {
    expect((await sweep("--shard", "2/5")).out).toContain("Shard 2 of 5: runs 3 of 12.");
  });

  test("what does not fit together is refused with the reason, in both languages", async () => {
    const [first = "", second = ""] = await halves;
    const third = file("third.json", (await sweep("--format", "json", "--shard", "1/3")).out);
    const foreign = file("foreign.json", (await sweep("--format", "json", "--shard", "1/2", "--seed", "9")).out);
    const cut = JSON.parse(readFileSync(second, "utf8"));
    cut.cells[0].runs.pop();
    const damaged = file("damaged.json", JSON.stringify(cut));
    const cases: [string[], string, string][] = [
      [[first, foreign], "of another sweep", "к разным sweep"],
      [[first, third], "one of 2", "частей числом 2"],
      [[first, second, first], "both shard 1/2", "одна и та же часть 1/2"],
      [[second], "missing: 1/2", "Не хватает частей: 1/2"],
      [[first, damaged], "does not hold exactly the runs of shard 2/2", "не те прогоны"],
      [[queue], "no result of a sweep", "не результат sweep"],
      [[first, file("other.json", "{}")], "no result of a sweep", "не результат sweep"],
      [[first, second, "--runs", "3"], "--runs makes no sense", "--runs не имеет смысла"],
      [[], "No file given", "Не указан ни один файл"],
    ];
    for (const [args, english, russian] of cases) {
      expect(await merge(...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(english) });
      expect((await merge(...args, "--lang", "ru")).err).toContain(russian);
    }
  });
});
