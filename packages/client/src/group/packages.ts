/** The devices of people who are to be added: claimed once, checked, and kept while a commit is tried again. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { ClaimedKeyPackage } from "@teahouse/protocol/http/device.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { ofNewest } from "../account/key-packages.ts"
import type { AnswerParts } from "../contact/answer.ts"
import type { Problem } from "../problem.ts"

export type Guest = { readonly user: Id; readonly devices: readonly ClaimedKeyPackage[] }

/** The house asks for patience where many are added at once. */
const CLAIMS = 4
const WAIT_MS = 3_000

export async function claimGuest(parts: AnswerParts, user: Id): Promise<Result<Guest, Problem>> {
  const { call, crypto, me, clock, people, pause } = parts
  for (let attempt = 1; ; attempt++) {
    const claimed = await call("claimKeyPackages", { params: { user }, request: {} })
    if (!claimed.ok) {
      if (claimed.error.kind !== "rate_limited" || attempt === CLAIMS) return claimed
      await pause(claimed.error.retryAfterMs ?? WAIT_MS)
      continue
    }
    const packages = claimed.value.packages.filter((one) => one.device !== me.device)
    const devices: (ClaimedKeyPackage & { n: number })[] = []
    for (const one of packages) {
      const { device, keyPackage } = one
      const fits = { house: me.house, user, device, now: clock() }
      const checked = await crypto.device.checkKeyPackage(keyPackage, fits)
      if (!checked.ok) return err({ kind: "invalid_key_package" })
      const { uik, username, n, kind } = checked.value.leaf
      devices.push({ ...one, n })
      const pinned = people.pinned(user)
      if (pinned && !sameBytes(pinned, uik)) {
        await people.offer(user, { uik, username })
        return err({ kind: "identity_changed" })
      }
      await people.learn(user, { uik, certified: username, bot: kind === "bot" })
    }
    return ok({ user, devices: ofNewest(devices) })
  }
}
