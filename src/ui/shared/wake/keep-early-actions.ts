/**
 * A page is seen before its islands are awake (React reaches the HTML that the server wrote a moment later). What is pressed or typed in
 * that moment is kept and done once the island hears it, instead of being lost. Runs as the page's first script, before anything can be
 * pressed: its text is written into the page (EarlyActions.astro), so it may use nothing from outside itself, and its notes stand here:
 * - `ssr` is Astro's mark of an island that sleeps. Links, <summary> and fields work by themselves; a form that nobody listens to yet
 *   would load the page anew, hence `preventDefault`.
 * - What was typed is read off the field when its island wakes. React reaches a field when the first event comes to it, and notes what
 *   it finds there as known. So that it hears of a change (`tell`), the field is then given another value, and the typed one behind
 *   React's back.
 * - Neither of Astro's events rises to the document of itself; it is told on the way down. What the component does first comes first.
 */
export function keepEarlyActions(page: Document): void {
  type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  const asleep = "astro-island[ssr]";
  const pressed: { island: Element; control: HTMLElement }[] = [];
  const typed = new Map<Field, Element>();

  page.addEventListener(
    "click",
    (event) => {
      const control = (event.target as Element).closest<HTMLElement>("button, [role=button], [role=tab]");
      const island = control?.closest(asleep);
      if (!control || !island) return;
      event.preventDefault();
      control.setAttribute("aria-busy", "true");
      pressed.push({ island, control });
    },
    true,
  );
  for (const type of ["input", "change"]) {
    page.addEventListener(
      type,
      (event) => {
        const island = (event.target as Element).closest(asleep);
        if (island) typed.set(event.target as Field, island);
      },
      true,
    );
  }

  function tell(field: Field): void {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      field.checked = !field.checked;
      field.click();
      return;
    }
    const { value } = field;
    field.value = `${value} `;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")?.set?.call(field, value);
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function wake(island: Element): void {
    for (const [field, place] of typed) {
      if (place !== island) continue;
      typed.delete(field);
      if (field.isConnected) tell(field);
    }
    for (const one of pressed.filter((each) => each.island === island)) {
      pressed.splice(pressed.indexOf(one), 1);
      one.control.removeAttribute("aria-busy");
      if (one.control.isConnected) one.control.click();
    }
  }

  for (const type of ["astro:hydrate", "astro:hydration-error"]) {
    page.addEventListener(type, ({ target }) => setTimeout(() => wake(target as Element)), true);
  }
}
