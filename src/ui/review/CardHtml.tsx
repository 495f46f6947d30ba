/** HTML of a card. What is wider than the card scrolls by itself; it takes the focus then, so that the keyboard can scroll it. */
import { useEffect, useRef } from "react";
import { showMedia } from "#cards";
import { useMediaUrls } from "./media-urls.tsx";

export function CardHtml({ html }: { html: string }) {
  const box = useRef<HTMLDivElement>(null);
  const urls = useMediaUrls(html);
  useEffect(() => {
    if (html === "" || !box.current) return;
    for (const element of [box.current, ...box.current.querySelectorAll("pre")]) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    }
  }, [html]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own card files, rendered at build time with raw HTML escaped; imported and edited notes are sanitised when they are read
  return <div ref={box} className="practice-text" dangerouslySetInnerHTML={{ __html: showMedia(html, urls) }} />;
}
