/**
 * What people might have said, without saying anything: the words follow Zipf's law, so that a few are everywhere and most are
 * rare, the common Chinese characters are all used, lines are as short as those of a chat, and one in four is English. The same
 * seed gives the same lines. Runs in the browser (fill.ts) and beside it, where what is looked for is chosen.
 */
import { seeded } from "../../test/seeded.ts"

const CHINESE_WORDS = 24_000
const ENGLISH_WORDS = 12_000
const COMMON =
  "的 了 我 你 是 在 不 就 有 也 都 好 吗 吧 那 这 去 来 说 要 我们 今天 明天 可以 什么 没有 一个 知道 时候 现在 茶馆 喝茶".split(
    " ",
  )
const FREQUENT =
  "the to i you a and is it of in that for on be with this have are not at we so me do but what if they can or just will was your my all".split(
    " ",
  )
const SYLLABLES =
  "an ar as at be ca ce con co de der di do ed el en er es et fa fi ga ge ha he ho ing in is it ja ka ke la le li lo ma me mi mo na ne ni no nt on or ou pa pe pla po pre pro qua ra re ri ro sa se si so st ta te ter th ti to tra tu un ur us va ve vi wa we wo ty".split(
    " ",
  )

/** The 3,755 characters of GB 2312's first level. */
function characters(): string[] {
  const decoder = new TextDecoder("gb2312")
  const all: string[] = []
  for (let row = 0xb0; row <= 0xd7; row++)
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++)
      all.push(decoder.decode(Uint8Array.of(row, cell)))
  return all
}

/** A place in a list in which the nth is 1/n as frequent as the first. */
const zipf = (roll: () => number, length: number) => Math.floor(length ** roll()) - 1

export type Speech = {
  line(): string
  readonly chinese: readonly string[]
  readonly english: readonly string[]
}

export function speech(seed: number): Speech {
  const roll = seeded(seed)
  const signs = characters()
  for (let i = signs.length - 1; i > 0; i--) {
    const j = Math.floor(roll() * (i + 1))
    ;[signs[i], signs[j]] = [signs[j] as string, signs[i] as string]
  }
  const pick = (list: readonly string[]) => list[zipf(roll, list.length)] as string
  const made = (known: readonly string[], count: number, make: () => string) => {
    const words = new Set(known)
    while (words.size < count) words.add(make())
    return [...words]
  }
  const several = (list: readonly string[], count: number, choose = pick) =>
    Array.from({ length: count }, () => choose(list)).join("")
  const any = (list: readonly string[]) => list[Math.floor(roll() * list.length)] as string
  const lengths = [1, 2, 2, 2, 2, 2, 2, 2, 3, 4]
  const chinese = made(COMMON, CHINESE_WORDS, () => several(signs, lengths[Math.floor(roll() * 10)] ?? 2))
  const english = made(FREQUENT, ENGLISH_WORDS, () => several(SYLLABLES, 2 + Math.floor(roll() * 3), any))
  /** Log-normal about this many words. */
  const count = (middle: number) => {
    const normal = Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll())
    return Math.min(200, Math.max(1, Math.round(middle * Math.exp(0.75 * normal))))
  }
  const sentence = (words: readonly string[], length: number, gap: string, stop: string) =>
    Array.from({ length }, (_, i) => pick(words) + (i + 1 < length && roll() < 0.12 ? stop : "")).join(gap)
  return {
    chinese,
    english,
    line() {
      const kind = roll()
      if (kind < 0.66) return sentence(chinese, count(6), "", "，")
      if (kind < 0.9) return sentence(english, count(6), " ", ",")
      if (kind < 0.97)
        return `${sentence(chinese, count(4), "", "，")} ${pick(english)} ${Math.floor(roll() * 10_000)}`
      return `https://${pick(english)}.example/${pick(english)}/${Math.floor(roll() * 1e6)} ${sentence(chinese, count(2), "", "")}`
    },
  }
}
