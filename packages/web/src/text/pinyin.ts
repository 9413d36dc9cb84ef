/**
 * Finding Chinese by typing Latin letters (UX 11, 30, 31): full pinyin, initials, a mixture of both, and each reading of a
 * character that has several (重 is `zhong` and `chong`). The dictionary is large and loads when somebody searches; until
 * then, and without it, letters and characters are found as they are written.
 */
import { useEffect, useState } from "react"

/** How a character may be read, in small letters without tones; none where it is not Chinese. */
export type Readings = (sign: string) => readonly string[]
const none: Readings = () => []

let loading: Promise<Readings> | undefined
let loaded: Readings | undefined
const han = /\p{Script=Han}/u

export function loadReadings(): Promise<Readings> {
  loading ??= import("pinyin-pro").then(
    ({ polyphonic }) => {
      const known = new Map<string, readonly string[]>()
      loaded = (sign) => {
        if (!han.test(sign)) return []
        let found = known.get(sign)
        if (!found) {
          const said = polyphonic(sign, { toneType: "none", type: "array" })[0] ?? []
          found = [...new Set(said.flatMap(typed))]
          known.set(sign, found)
        }
        return found
      }
      return loaded
    },
    () => {
      // Without a network it is tried again with the next search.
      loading = undefined
      return none
    },
  )
  return loading
}

/** No keyboard has ü: 吕 is typed `lv`, abroad `lu`. */
const typed = (reading: string) =>
  reading.includes("ü") ? [reading.replace("ü", "v"), reading.replace("ü", "u")] : [reading]

/** For a screen that searches; it draws again once the dictionary is there. */
export function useReadings(wanted: boolean): Readings {
  const [readings, setReadings] = useState<Readings>(() => loaded ?? none)
  useEffect(() => {
    if (!wanted || loaded === readings) return
    let here = true
    void loadReadings().then((found) => {
      if (here) setReadings(() => found)
    })
    return () => {
      here = false
    }
  }, [wanted, readings])
  return readings
}

const MAX_QUERY = 64

/** Whether `query` stands anywhere in `text`. Spaces in both do not count. */
export function matches(text: string, query: string, readings: Readings = none): boolean {
  const wanted = query.toLowerCase().replace(/\s+/g, "").slice(0, MAX_QUERY)
  const bare = text.toLowerCase().replace(/\s+/g, "")
  if (bare.includes(wanted)) return true
  if (!/[a-z]/.test(wanted)) return false
  const signs = [...bare]
  return signs.some((_, at) => matchesFrom(signs, at, wanted, readings, new Set()))
}

function matchesFrom(
  signs: readonly string[],
  at: number,
  rest: string,
  readings: Readings,
  dead: Set<number>,
): boolean {
  if (rest === "") return true
  const sign = signs[at]
  if (sign === undefined) return false
  const place = at * (MAX_QUERY + 1) + rest.length
  if (dead.has(place)) return false
  const goes = (part: string) =>
    rest.startsWith(part) && matchesFrom(signs, at + 1, rest.slice(part.length), readings, dead)
  const found =
    goes(sign) ||
    readings(sign).some(
      (reading) =>
        reading.startsWith(rest) ||
        goes(reading) ||
        (/^[zcs]h/.test(reading) && goes(reading.slice(0, 2))) ||
        goes(reading.slice(0, 1)),
    )
  if (!found) dead.add(place)
  return found
}
