/** Hands bytes or text to the reader as a file. */
export function offerDownload(content: Uint8Array | string | Blob, fileName: string): void {
  const part = content instanceof Uint8Array ? content.slice().buffer : content;
  const url = URL.createObjectURL(part instanceof Blob ? part : new Blob([part], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads the address after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
