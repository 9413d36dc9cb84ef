/** Subkeys of the account's master keys, derived once. */
import type { Amk, AmkKeys, Crypto } from "../crypto/port.ts"

export type AccountKeyRing = {
  newest(): Promise<AmkKeys>
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
  return {
    async newest() {
      const amk = amks().at(-1)
      if (!amk) throw new Error("an account without keys")
      return derive(amk)
    },
    async of(generation) {
      const amk = amks().find((one) => one.generation === generation)
      return amk && derive(amk)
    },
  }
}
