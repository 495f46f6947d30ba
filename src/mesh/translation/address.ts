/** Addresses for what has none in the text: stable by name, so that a change of the configuration moves nobody. */

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}

/** Hands out addresses "<first>.<second>.x.y", the same for the same names asked in any order unless two collide. */
export function addressPool(first: number, second: number): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    let place = hash(name) % 65_024;
    for (;;) {
      const address = `${first}.${second}.${Math.floor(place / 254)}.${(place % 254) + 1}`;
      if (!taken.has(address)) {
        taken.add(address);
        return address;
      }
      place = (place + 1) % 65_024;
    }
  };
}
