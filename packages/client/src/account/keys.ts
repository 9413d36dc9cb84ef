/** Subkeys of the account's master keys, derived once. */
import type { Amk, AmkKeys, Crypto } from "../crypto/port.ts"

export type AccountKeyRing = {
  newest(): Promise<AmkKeys>
  /** What names are hidden by: they stay what they are when a new generation begins. */
  first(): Promise<AmkKeys>
  of(generation: number): Promise<AmkKeys | undefined>
}

/** `amks` is not empty, oldest first. */
export function keyRing(crypto: Crypto, amks: () => readonly Amk[]): AccountKeyRing {
  const derived = new Map<number, Promise<AmkKeys>>()
  const derive = (amk: Amk) => {
    const known = derived.get(amk.generation) ?? crypto.account.amkKeys(amk)
    derived.set(amk.generation, known)
    return known
  }
  const at = async (index: number) => {
    const amk = amks().at(index)
    if (!amk) throw new Error("an account without keys")
    return derive(amk)
  }
  return {
    newest: () => at(-1),
    first: () => at(0),
    async of(generation) {
      const amk = amks().find((one) => one.generation === generation)
      return amk && derive(amk)
    },
  }
}
