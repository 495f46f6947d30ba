/** What is wrong, sentence by sentence. */
import { useTexts } from "../texts.tsx";
import type { Finding } from "./check-level.ts";
import { findingWords } from "./finding-words.ts";

export function Findings({ findings }: { findings: readonly Finding[] }) {
  const texts = useTexts();
  if (findings.length === 0) return null;
  return (
    <ul className="builder-findings">
      {findings.map((finding) => {
        const { sentence, lines } = findingWords(finding, texts);
        return (
          <li key={finding.code}>
            {sentence}
            {lines.map((line) => (
              <span key={line} className="builder-finding-line">
                {line}
              </span>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
