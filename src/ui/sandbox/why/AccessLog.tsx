/** What each proxy on the way wrote into its access log about this request: the line, and every field of it explained. */
import { accessLogLine, logFields } from "#base";
import type { AccessLogEntry } from "#engine";
import { type SandboxTexts, useTexts } from "../texts.tsx";

export function AccessLog({ entries }: { entries: readonly AccessLogEntry[] }) {
  const texts = useTexts();
  const { t } = texts;
  if (entries.length === 0) return <p className="muted">{t("sandbox:log.none")}</p>;
  return (
    <section className="access-log" aria-label={t("sandbox:log.title")}>
      <h2>{t("sandbox:log.title")}</h2>
      {entries.map((entry) => (
        <details key={`${entry.NODE} ${entry.REPORTER} ${entry.START_TIME}`}>
          <summary>
            <b>{entry.NODE}</b> <span className="muted">{t(`sandbox:log.${entry.REPORTER}`)}</span>
            <code className="log-line">{accessLogLine(entry)}</code>
          </summary>
          <dl className="log-fields">
            {logFields.map((field) => (
              <div key={field}>
                <dt>
                  <code>%{field}%</code> <b>{String(entry[field])}</b>
                </dt>
                <dd>{fieldWords(entry, field, texts)}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </section>
  );
}

/** What the field means, and for flags what these mean. */
function fieldWords(entry: AccessLogEntry, field: (typeof logFields)[number], texts: SandboxTexts): string {
  const meaning = texts.t(`sandbox:log.${field}`);
  if (field !== "RESPONSE_FLAGS" || entry.RESPONSE_FLAGS === "-") return meaning;
  const flags = entry.RESPONSE_FLAGS.split(",").map((flag) => `${flag}: ${texts.maybe(`sandbox:flag.${flag}`) ?? flag}`);
  return `${meaning} ${flags.join("; ")}.`;
}
