/** Word of new progress, from whoever adds it (a sandbox, a quiz, a backup that is read) to whoever shows it, in this tab and others. */

function channelOf(database: string): BroadcastChannel {
  return new BroadcastChannel(`${database}-progress`);
}

export function progressAdded(database: string): void {
  const channel = channelOf(database);
  channel.postMessage(null);
  channel.close();
}

/** @returns stops it */
export function whenProgressIsAdded(database: string, tell: () => void): () => void {
  const channel = channelOf(database);
  channel.onmessage = tell;
  return () => channel.close();
}
