/** Parts of the sandbox that are loaded when they are opened. One that cannot be loaded says so and is asked for anew; the rest goes on. */
import { type ComponentProps, type ComponentType, lazy, type ReactNode, useState } from "react";
import { loadLateTexts } from "#i18n";
import { useTexts } from "./texts.tsx";

// biome-ignore lint/suspicious/noExplicitAny: as React's own `lazy` has it
type AnyComponent = ComponentType<any>;

export function lazyPart<Component extends AnyComponent>(
  load: () => Promise<{ default: Component }>,
): (props: ComponentProps<Component>) => ReactNode {
  // Offline, or another version was deployed meanwhile: no reason to take the page down.
  const ask = () => lazy<AnyComponent>(() => load().catch(() => ({ default: NotLoaded })));
  let asked = ask();
  // biome-ignore lint/correctness/noComponentHookFactories: called once a part, where its module is read
  return function Part(props) {
    const [Loaded, setLoaded] = useState(() => asked);
    const onAgain = () => {
      asked = ask();
      setLoaded(() => asked);
    };
    return <Loaded {...props} onAgain={onAgain} />;
  };
}

/** The same together with its texts. */
export function lazyTool<Component extends AnyComponent>(load: () => Promise<{ default: Component }>) {
  return lazyPart(async () => {
    const [module] = await Promise.all([load(), loadLateTexts(document.documentElement.lang)]);
    return module;
  });
}

function NotLoaded({ onAgain }: { onAgain(): void }) {
  const { t } = useTexts();
  return (
    <div className="notice notice-warning" role="alert">
      <p>{t("sandbox:part.notLoaded")}</p>
      <button type="button" onClick={onAgain}>
        {t("sandbox:part.again")}
      </button>
    </div>
  );
}
