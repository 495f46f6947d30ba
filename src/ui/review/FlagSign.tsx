/** A flag as a coloured mark with its name: the colour is never the only sign. */
import type { Flag } from "#cards";
import type { Translator } from "#i18n";

export function FlagSign({ t, flag }: { t: Translator; flag: Flag }) {
  return (
    <span className="practice-flag" data-flag={flag}>
      {t(`practice:flag.${flag}`)}
    </span>
  );
}
