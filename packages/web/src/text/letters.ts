/**
 * The A–Z index of names (UX 30). A Chinese name stands under the first letter of its pinyin; the letter is found with the
 * very collation that sorts, so that index and order never contradict each other and no dictionary is needed for either.
 */
export const collator = new Intl.Collator("zh-CN-u-co-pinyin", { numeric: true })

/** The first character of each letter in the order of pinyin; no syllable begins with I, U or V. */
const firsts = [..."阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他屲夕丫帀"]
const letters = [..."ABCDEFGHJKLMNOPQRSTWXYZ"]
export const OTHER = "#"

export function letterOf(name: string): string {
  const first = name.trim()[Symbol.iterator]().next().value ?? ""
  if (/\p{Script=Han}/u.test(first)) {
    const at = firsts.findLastIndex((each) => collator.compare(each, first) <= 0)
    return letters[at] ?? OTHER
  }
  const plain = first.normalize("NFD").charAt(0).toUpperCase()
  return /[A-Z]/.test(plain) ? plain : OTHER
}

export type Lettered<T> = { readonly letter: string; readonly items: readonly T[] }

/** A to Z, then the rest; under each letter in the order of the collation. */
export function byLetter<T extends { readonly name: string }>(items: readonly T[]): Lettered<T>[] {
  const groups = new Map<string, T[]>()
  for (const item of [...items].sort((a, b) => collator.compare(a.name, b.name))) {
    const letter = letterOf(item.name)
    const group = groups.get(letter)
    if (group) group.push(item)
    else groups.set(letter, [item])
  }
  const rank = (letter: string) => (letter === OTHER ? "~" : letter)
  return [...groups]
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([letter, group]) => ({ letter, items: group }))
}
