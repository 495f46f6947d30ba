/**
 * Gives the real Anki a log of ours and compares: how many items it learns from, how well it says parameters predict them
 * (log loss, RMSE over bins), and which parameters its own optimizer finds for our items. (Its run over a whole collection ends at other
 * parameters than its run over the same items; the cause is not known, so that one is not compared.) Not part of
 * "How true is it?" while one of the two logs ends at other parameters: see the gap list. Needs Python with the `anki` package (ANKI_PYTHON, default python3); says so and ends
 * well when it is not there. Prints the agreement.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { computeParameters, FSRSBindingItem, FSRSBindingReview } from "@open-spaced-repetition/binding";
import {
  defaultDeckOptions,
  evaluateWeights,
  exportApkg,
  fillWeights,
  type LogRow,
  localDayClock,
  type Note,
  type TrainingItem,
  trainingItems,
} from "#cards";
import { madeLog } from "../cards/optimizer/made-histories.ts";

const python = process.env.ANKI_PYTHON ?? "python3";
/** What the README of the measured facts asks for. */
const tolerance = 1e-3;

const program = `
import json, sys, tempfile, os
from anki.collection import Collection, ImportAnkiPackageRequest, ImportAnkiPackageOptions
folder = tempfile.mkdtemp()
col = Collection(os.path.join(folder, "c.anki2"))
col.set_config("fsrs", True)
options = ImportAnkiPackageOptions(with_scheduling=True)
col.import_anki_package(ImportAnkiPackageRequest(package_path=sys.argv[1], options=options))
default = json.loads(sys.argv[2])
import anki.scheduler_pb2 as pb
items = [pb.FsrsItem(reviews=[pb.FsrsReview(rating=r["rating"], delta_t=r["deltaDays"]) for r in item["reviews"]]) for item in json.load(open(sys.argv[3]))]
trained = col._backend.compute_fsrs_params_from_items(items)
own = col._backend.compute_fsrs_params(search="", current_params=[], ignore_revlogs_before_ms=0, num_of_relearning_steps=1, health_check=False)
def evaluate(params):
    e = col._backend.evaluate_params_legacy(params=params, search="", ignore_revlogs_before_ms=0)
    return [e.log_loss, e.rmse_bins]
params = list(trained.params) if hasattr(trained, "params") else list(trained)
print(json.dumps({"params": params, "items": own.fsrs_items, "before": evaluate(default), "after": evaluate(params)}))
`;

interface AnkiTraining {
  params: number[];
  items: number;
  /** Log loss and RMSE over bins of the defaults, and of the parameters found. */
  before: [logLoss: number, rmseBins: number];
  after: [logLoss: number, rmseBins: number];
}

function hasAnki(): boolean {
  try {
    execFileSync(python, ["-c", "import anki"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function askAnki(log: readonly LogRow[], items: readonly TrainingItem[]): Promise<AnkiTraining> {
  const folder = mkdtempSync(join(tmpdir(), "meshwise-optimizer-"));
  try {
    const slugs = [...new Set(log.map(({ slug }) => slug))];
    const notes = slugs.map(
      (slug): Note => ({
        slug,
        lang: "en",
        type: "basic",
        lesson: "l",
        module: "m",
        frontHtml: slug,
        backHtml: "b",
        tags: [],
        changedAtS: 1_795_219_200,
      }),
    );
    const request = { notes, schedules: new Map(), log, options: defaultDeckOptions, clock: localDayClock(), nowMs: Date.now() };
    const file = join(folder, "log.apkg");
    writeFileSync(file, (await exportApkg(request)).bytes);
    const itemFile = join(folder, "items.json");
    writeFileSync(itemFile, JSON.stringify(items));
    const given = ["-c", program, file, JSON.stringify(fillWeights([])), itemFile];
    const out = execFileSync(python, given, { encoding: "utf8" });
    return JSON.parse(out.trim().split("\n").at(-1) ?? "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (!hasAnki()) {
  console.log(`no Anki for ${python}: set ANKI_PYTHON to a Python with \`pip install anki\``);
  process.exit(0);
}

const slow = fillWeights([])!.map((w, i) => (i < 4 ? w * 2 : w));
const quick = fillWeights([])!.map((w, i) => (i < 4 ? w / 3 : w));
// The clock of the machine: Anki counts its days by it as well.
const clock = localDayClock();
let compared = 0;
let agreeing = 0;
function agree(what: string, ours: number, theirs: number): void {
  compared++;
  if (Math.abs(ours - theirs) <= tolerance) agreeing++;
  else console.log(`${what}: ours ${ours}, Anki's ${theirs}`);
}

for (const [name, weights, cards] of [
  ["slow forgetting", slow, 250],
  ["quick forgetting", quick, 250],
] as const) {
  const log = madeLog(cards, weights, 11);
  const items = trainingItems(log, clock);
  const anki = await askAnki(log, items);
  const set = items.map(
    ({ reviews }) => new FSRSBindingItem(reviews.map(({ rating, deltaDays }) => new FSRSBindingReview(rating, deltaDays))),
  );
  const ours = await computeParameters(set, { enableShortTerm: true });
  agree(`${name}: items`, items.length, anki.items);
  for (const [i, value] of ours.entries()) agree(`${name}: w${i}`, value, anki.params[i] ?? Number.NaN);
  const before = evaluateWeights([], items);
  const after = evaluateWeights(anki.params, items);
  for (const [of, mine, theirs] of [
    ["the defaults", before, anki.before],
    ["the parameters found", after, anki.after],
  ] as const) {
    agree(`${name}: log loss of ${of}`, mine.logLoss, theirs[0]);
    agree(`${name}: RMSE over bins of ${of}`, mine.rmseBins, theirs[1]);
  }
  console.log(`${name}: ${items.length} items, log loss ${before.logLoss.toFixed(4)} → ${after.logLoss.toFixed(4)}`);
}
console.log(`optimizer: ${agreeing} of ${compared} values within ${tolerance} of Anki's`);
process.exit(agreeing === compared ? 0 : 1);
