/** The check by running, then the ways to hand the level on: a link, a file; and the way in for a file. */
import { useEffect, useId, useRef, useState } from "react";
import { offerDownload } from "../../shared/offer-download.ts";
import { ActionButton } from "../controls/ActionButton.tsx";
import { levelOfMade, type MadeLevel } from "../level/made-level.ts";
import type { ConnectWorkers } from "../run/worker-link.ts";
import type { YamlDesk } from "../run/yaml-desk.ts";
import { copyText } from "../share/ShareButton.tsx";
import { encodeShareHash } from "../share/share-link.ts";
import { useTexts } from "../texts.tsx";
import type { BuilderDraft } from "./builder-draft.ts";
import { type CheckedLevel, checkLevel } from "./check-level.ts";
import { Findings } from "./Findings.tsx";
import { levelFileName, readLevelFile, writeLevelFile } from "./level-file.ts";
import { createLevelRuns, type LevelRuns } from "./level-runs.ts";

interface FinishPartProps {
  draft: BuilderDraft;
  desk: YamlDesk;
  connect: ConnectWorkers;
  onChange(next: BuilderDraft): void;
  onClear(): void;
}

const checkedSeeds = 5;

export function FinishPart({ draft, desk, connect, onChange, onClear }: FinishPartProps) {
  const { t } = useTexts();
  const id = useId();
  const [checked, setChecked] = useState<{ draft: BuilderDraft; result: CheckedLevel } | null>(null);
  const [running, setRunning] = useState(false);
  const [said, setSaid] = useState("");
  const [link, setLink] = useState<{ level: MadeLevel; address: string } | null>(null);
  const runs = useRef<LevelRuns | null>(null);
  useEffect(() => () => runs.current?.stop(), []);

  const check = async () => {
    const own = createLevelRuns(connect);
    runs.current = own;
    setRunning(true);
    setSaid(t("tools:make.checking"));
    const seeds = Array.from({ length: checkedSeeds }, (_, index) => draft.seed + index);
    const result = await checkLevel(draft, desk, own, seeds);
    own.stop();
    setRunning(false);
    setChecked({ draft, result });
    setSaid(result.ok ? t("tools:make.good", { seeds: result.seeds.join(", "), count: result.par }) : t("tools:make.bad"));
  };
  // What was checked is what is handed on: after an edit it is checked again.
  const current = checked?.draft === draft ? checked.result : null;
  const level = current?.ok ? current.level : null;
  const isStale = checked !== null && !current && !running;
  const share = async (made: MadeLevel) => {
    const hash = stateOf(made, draft.seed);
    const address = hash && `${location.origin}${location.pathname}${hash}`;
    setLink(address ? { level: made, address } : null);
    if (!address) return setSaid(t("tools:make.tooLong"));
    setSaid((await copyText(address)) ? t("sandbox:share.copied") : "");
  };
  const save = async (made: MadeLevel) => {
    const text = await writeLevelFile(desk, made, t.language);
    if (text === null) return;
    offerDownload(text, levelFileName(made.title));
    setSaid(t("tools:take.saved", { file: levelFileName(made.title) }));
  };
  const open = async (file: File | undefined) => {
    if (!file) return;
    const read = await readLevelFile(desk, await file.text().catch(() => ""));
    const hash = read && stateOf(read, 1, Infinity);
    if (!hash) return setSaid(t("tools:make.notRead", { file: file.name }));
    location.assign(`${location.pathname}${hash}`);
  };
  return (
    <fieldset>
      <legend>{t("tools:make.finish")}</legend>
      <div className="builder-fields">
        <div>
          <label htmlFor={`${id}-seed`}>{t("tools:make.seed")}</label>
          <input
            id={`${id}-seed`}
            type="text"
            inputMode="numeric"
            value={draft.seed}
            onChange={(event) => {
              const typed = event.target.value.replace(/\D/g, "").slice(0, 9);
              onChange({ ...draft, seed: Number(typed) });
            }}
          />
        </div>
      </div>
      <div className="builder-row">
        {running ? (
          <button type="button" onClick={() => runs.current?.stop()}>
            {t("tools:make.stop")}
          </button>
        ) : (
          <button type="button" className="button-primary" onClick={() => void check()}>
            {t("tools:make.check")}
          </button>
        )}
        <ActionButton disabled={!level} onPress={() => level && void share(level)}>
          {t("tools:make.copy")}
        </ActionButton>
        <ActionButton disabled={!level} onPress={() => level && void save(level)}>
          {t("tools:make.save")}
        </ActionButton>
        {level ? (
          <a href={stateOf(level, draft.seed, Infinity) ?? ""} target="_blank" rel="noopener">
            {t("tools:make.try")}
          </a>
        ) : null}
      </div>
      <p role="status">{isStale ? t("tools:make.stale") : said}</p>
      {link && link.level === level ? (
        <>
          <label htmlFor={`${id}-link`}>{t("tools:make.link")}</label>
          <input id={`${id}-link`} type="text" readOnly value={link.address} onFocus={(event) => event.target.select()} />
        </>
      ) : null}
      {current && !current.ok ? <Findings findings={current.findings} /> : null}
      <div className="builder-row">
        <label htmlFor={`${id}-file`}>{t("tools:make.openFile")}</label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".yaml,.yml,.json"
          onChange={(event) => {
            void open(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      <ClearButton onClear={onClear} />
    </fieldset>
  );
}

/** Asks once more: what was written is gone afterwards. */
function ClearButton({ onClear }: { onClear(): void }) {
  const { t } = useTexts();
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <div className="builder-row">
        <button type="button" onClick={() => setSure(true)}>
          {t("tools:make.clear")}
        </button>
      </div>
    );
  }
  return (
    <div className="builder-row" role="alert">
      <span>{t("tools:make.clearSure")}</span>
      <button
        type="button"
        onClick={() => {
          onClear();
          setSure(false);
        }}
      >
        {t("tools:make.clearYes")}
      </button>
      <button type="button" onClick={() => setSure(false)}>
        {t("tools:make.clearNo")}
      </button>
    </div>
  );
}

function stateOf(made: MadeLevel, seed: number, longest?: number): string | null {
  const hash = encodeShareHash({ files: levelOfMade(made).start, seed, scenario: "", made }, longest);
  return hash.ok ? hash.value : null;
}
