/**
 * What this device believes of the account's own records, held against what the account's devices have seen (SECURITY R5;
 * docs/decisions/37). Each house has one notebook for each count of writes, so devices need to say no more than the head to find out
 * that it shows them different ones. A head is said where another device is there to hear it, at most once in `everyMs` and at a random
 * moment in it, and again for whoever came in. Loaded when the first notebook is here.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Alarms } from "../alarms.ts"
import type { Content, Of } from "../content/message.ts"
import type { VaultRecord } from "../content/notebook.ts"
import type { Call } from "../http.ts"
import type { NotebookHead } from "../notebook/head.ts"
import type { Notebook } from "../notebook.ts"
import { VAULT, vaultPage } from "../pages.ts"
import type { RoomActor } from "../room/room.ts"
import { createRosters, type RosterParts } from "../room/rosters.ts"
import { isOlderVault } from "./vault.ts"

export type BeliefParts = Omit<RosterParts, "notebook"> & {
  readonly notebook: Pick<Notebook, "head" | "get" | "change" | "flush">
  readonly call: Call
  readonly alarms: Pick<Alarms, "raise">
  readonly selfRoom: () => RoomActor | undefined
  readonly life: () => Promise<number>
  /** The notebook has changed on the way. */
  readonly onNews: () => Promise<void>
}

/** Heads that this device has passed itself. */
const PASSED = 256

export function createBelief(parts: BeliefParts) {
  const { notebook, alarms, selfRoom, life } = parts
  const rosters = createRosters(parts)
  /** The furthest one that was said. */
  let heard: Of<"notebookHead"> | undefined
  const passed = new Map<string, Uint8Array>()
  /** Who has heard it. */
  let audience = ""
  let cancel: (() => void) | undefined
  let stopped = false

  const compare = async (said: Of<"notebookHead">, own: NotebookHead) => {
    const then = said.counter === own.counter ? own.hash : passed.get(`${said.life}/${said.counter}`)
    const differs = then !== undefined && !sameBytes(then, said.hash)
    if (said.counter > own.counter || differs) await alarms.raise("account_rolled_back")
  }

  const others = () => {
    const state = selfRoom()?.state()
    const devices = state?.group?.judged.leaves.map((leaf) => leaf.device) ?? []
    return devices.length > 1 ? devices.join() : ""
  }

  const round = async () => {
    const now = await life()
    const { head, news } = await notebook.head()
    if (news) await parts.onNews()
    if (!head || stopped) return
    passed.set(`${now}/${head.counter}`, head.hash)
    for (const oldest of passed.keys()) if (passed.size > PASSED) passed.delete(oldest)
    const said = heard?.life === now ? heard : undefined
    if (said) await compare(said, head)
    const present = others()
    if (present === "") return
    const isSaid = said?.counter === head.counter && sameBytes(said.hash, head.hash)
    if (isSaid && present === audience) return
    const actor = selfRoom()
    if (!actor?.connected()) return
    audience = present
    await actor.post({ kind: "notebookHead", life: now, ...head })
  }

  const look = () => {
    if (stopped) return
    cancel ??= parts.timers(parts.everyMs * (0.5 + parts.jitter() / 2), () => {
      cancel = undefined
      round().catch(parts.onFailure)
    })
  }

  return {
    /** The notebook, or who is in the room with oneself, may be another than before. */
    look,
    /** Whoever is in the room with oneself now: a newcomer has heard nothing. */
    onSelf() {
      const present = others()
      if (present !== audience && present !== "") look()
    },
    async heed(content: Content): Promise<void> {
      if (content.kind !== "notebookHead") return
      const now = await life()
      if (content.life !== now) return
      const further = heard?.life !== now || content.counter >= heard.counter
      if (further) heard = content
      const own = passed.get(`${now}/${content.counter}`)
      if (own && !sameBytes(own, content.hash)) await alarms.raise("account_rolled_back")
      look()
    },
    /** A house that has a record under a key of this generation knows that there is one. */
    async lacking(generation: number): Promise<void> {
      const who = await parts.call("me", {})
      if (who.ok && who.value.generation < generation) await alarms.raise("account_rolled_back")
    },
    /** The newer of the vault that opened this account and those that its devices have seen; `older`: this one is not it. */
    async vault(mine: VaultRecord | undefined): Promise<{ readonly older?: VaultRecord }> {
      const noted = await notebook.get(VAULT, vaultPage)
      if (!mine) return {}
      if (noted && isOlderVault(mine, noted)) return { older: noted }
      await notebook.change(VAULT, vaultPage, (old) =>
        old && !isOlderVault(old, mine) ? undefined : { ...mine },
      )
      return {}
    },
    /** Who is in this room may be others than before. */
    onMembers: rosters.note,
    stop() {
      stopped = true
      rosters.stop()
      cancel?.()
    },
  }
}

export type Belief = ReturnType<typeof createBelief>
