/** Says whether what the learner did was right, in words and with a sign, not by colour alone. */
import type { ReactNode } from "react";
import type { Translator } from "#i18n";

export interface VerdictProps {
  t: Translator;
  verdict: "right" | "almost" | "wrong";
  children?: ReactNode;
}

const signs = { right: "✓", almost: "≈", wrong: "✗" } as const;

export function Verdict({ t, verdict, children }: VerdictProps) {
  return (
    <p className={`practice-verdict practice-verdict-${verdict}`}>
      <span aria-hidden="true">{signs[verdict]}</span> <strong>{t(`practice:verdict.${verdict}`)}</strong> {children}
    </p>
  );
}
