/**
 * Whether the house at an address is the one that a profile belongs to, for a profile whose own word of it (profile.json) is damaged: its
 * store has the house's keys pinned. Without this, whoever names another house once would have given the profile to that one for good.
 */
import { readHouse } from "@teahouse/client/account/house.ts"
import { indexOf } from "@teahouse/client/account/index-store.ts"
import { createHttp } from "@teahouse/client/http.ts"
import type { Fetch } from "@teahouse/client/platform.ts"
import type { Stores } from "@teahouse/client/store/port.ts"
import { StoreDamaged } from "@teahouse/client/store/sealed.ts"

const PATIENCE_MS = 10_000

/** `unknown`: it does not answer, or nothing is pinned here any more. */
export async function sameHouse(
  stores: Stores,
  origin: string,
  fetch: Fetch,
): Promise<"same" | "another" | "unknown"> {
  try {
    const store = await stores.open("index")
    try {
      const index = indexOf(store)
      // Nothing is pinned by asking.
      if (!(await index.house())) return "unknown"
      const call = createHttp({ origin, fetch, token: () => undefined, timeoutMs: PATIENCE_MS })
      const asked = await readHouse(call, index)
      if (asked.ok) return "same"
      return asked.error.kind === "house_changed" ? "another" : "unknown"
    } finally {
      await store.close()
    }
  } catch (error) {
    if (error instanceof StoreDamaged) return "unknown"
    throw error
  }
}
