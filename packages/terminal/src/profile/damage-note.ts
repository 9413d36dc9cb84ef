/** What a profile remembers of a damage until somebody has signed in again, so that each command until then says the same. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"

/** A store was moved to `file`; a key is still there. */
export type Damage = { readonly what: "store" | "key"; readonly file: string }

export type DamageNote = {
  current(): Damage | undefined
  /** All that this process has found, each once. */
  all(): readonly Damage[]
  found(damage: Damage): void
  /** Somebody is in. */
  over(): void
}

export function openDamageNote(place: string): DamageNote {
  let noted: Damage | undefined = existsSync(place)
    ? { what: "store", file: readFileSync(place, "utf8").trim() }
    : undefined
  const all: Damage[] = []
  return {
    current: () => noted,
    all: () => all,
    found(damage) {
      noted = damage
      if (!all.some(({ what, file }) => what === damage.what && file === damage.file)) all.push(damage)
      // A damaged key says so itself, each time.
      if (damage.what === "key") return
      writeFileSync(`${place}.new`, `${damage.file}\n`, { mode: 0o600 })
      renameSync(`${place}.new`, place)
    },
    over() {
      if (!noted) return
      noted = undefined
      rmSync(place, { force: true })
    },
  }
}
