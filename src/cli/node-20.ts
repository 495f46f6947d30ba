/** What the code uses of newer JavaScript that Node 20 lacks. Loaded first by main.ts; does nothing on newer versions. */

function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item, index: number) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

Map.groupBy ??= groupBy;
Object.groupBy ??= ((items: Iterable<unknown>, keyOf: (item: unknown, index: number) => PropertyKey) =>
  Object.fromEntries(groupBy(items, keyOf))) as typeof Object.groupBy;
