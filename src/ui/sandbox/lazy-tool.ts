/** A part of the sandbox that is loaded when it is opened, together with its texts. */
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { loadLateTexts } from "#i18n";

// biome-ignore lint/suspicious/noExplicitAny: as React's own `lazy` has it
export function lazyTool<Component extends ComponentType<any>>(
  load: () => Promise<{ default: Component }>,
): LazyExoticComponent<Component> {
  return lazy(async () => {
    const [module] = await Promise.all([load(), loadLateTexts(document.documentElement.lang)]);
    return module;
  });
}
