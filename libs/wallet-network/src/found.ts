/** What a table of ours says of a word of a network; undefined for a name that every object has, as for any unknown word. */
export function found<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
