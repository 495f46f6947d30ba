/** Addresses of the pictures and sounds that HTML of imported notes names, as long as it is shown. */
import { createContext, useContext, useEffect, useState } from "react";
import { type CardStore, type MediaFile, mediaNamesIn, mediaTypeOf } from "#cards";

/** Where the files are kept; without it none is shown. */
export const MediaStore = createContext<Pick<CardStore, "media"> | undefined>(undefined);

const noUrls: ReadonlyMap<string, string> = new Map();

export function useMediaUrls(html: string): ReadonlyMap<string, string> {
  const store = useContext(MediaStore);
  const [urls, setUrls] = useState(noUrls);
  useEffect(() => {
    const names = mediaNamesIn(html);
    if (!store || names.length === 0) return;
    let made: ReadonlyMap<string, string> = noUrls;
    let isGone = false;
    store.media(names).then((files) => {
      if (isGone || !files.ok) return;
      made = new Map(files.value.map((file) => [file.name, urlOf(file)]));
      setUrls(made);
    });
    return () => {
      isGone = true;
      setUrls(noUrls);
      for (const url of made.values()) URL.revokeObjectURL(url);
    };
  }, [html, store]);
  return urls;
}

function urlOf(file: MediaFile): string {
  const type = mediaTypeOf(file) ?? "application/octet-stream";
  return URL.createObjectURL(new Blob([file.bytes as Uint8Array<ArrayBuffer>], { type }));
}
