/**
 * A room as the house shows it to a device that comes in, beside what the account's devices have noted of it (SECURITY R5): no older
 * group, no shorter log, nobody of the people known there under another identity key. What is new there is said before the first message.
 *
 * A person may really have begun anew while none of these devices was there. That is for the person who reads to decide: it is an alarm, and
 * when it was dismissed with these very people before its eyes the device goes in. What is said to a friend waits for the safety number
 * all the same (contact/safety.ts).
 */
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import { sameBytes, toBase64url } from "@teahouse/protocol/bytes.ts"
import type { RoomSummary } from "@teahouse/protocol/http/room.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { decodeRoster, newsOf, type Roster, rosterOf } from "../content/roster.ts"
import type { Present } from "../history/entry.ts"
import type { SealedWrite } from "../store/sealed.ts"
import { isBehind } from "./behind.ts"
import type { Place } from "./commits.ts"
import { isLost } from "./life.ts"
import type { RoomParts } from "./parts.ts"
import type { Life } from "./records.ts"

type Parts = Pick<RoomParts, "store" | "me" | "knownIdentity" | "knownRoster" | "alarm" | "alarmed">

const otherKey = (room: Id) => `other/${room}`

export async function besideRoster(parts: Parts, room: Id, life?: Life) {
  const { store, me, knownIdentity, alarm, alarmed } = parts
  const noted = await parts.knownRoster(room)
  const roster: Roster | undefined = noted && decodeRoster(noted.members)
  const asked = await store.get<string>(otherKey(room))
  let looked: Judged | undefined
  let agreed = false
  let asking: Promise<void> | undefined

  /** In a group whoever may has replaced an identity, and one's devices were there: the newer word is the roster's. */
  const known = (user: Id, group: boolean) =>
    group ? (roster?.get(user)?.uik ?? knownIdentity(user)) : (knownIdentity(user) ?? roster?.get(user)?.uik)
  const others = ({ leaves, policy }: Judged) =>
    [
      ...new Set(
        leaves.flatMap(({ user, uik }) => {
          const then = known(user, policy.kind === "group")
          return then && !sameBytes(then, uik) ? [`${user}:${toBase64url(uik)}`] : []
        }),
      ),
    ].sort()

  return {
    /** How far the room's log had come when it was noted. */
    seq: noted && !isLost(noted, life) ? noted.seq : 0,
    behind: (shown: Pick<RoomSummary, "incarnation" | "seq" | "hash">, place: Place) =>
      // What was noted of a part that a restored house has lost holds for nothing there.
      noted && !isLost(noted, life) ? isBehind(noted, shown, place) : undefined,
    /** False, with an alarm, where somebody who is known is there as somebody else, and the person has not said to go on. */
    accepts(judged: Judged): boolean {
      looked = judged
      const found = others(judged).join(" ")
      // One's own identity is not for others to replace.
      if (found === "") return true
      agreed = asked === found && !alarmed("other_identity", room) && !found.includes(me.user)
      if (agreed) return true
      alarm("other_identity", room)
      asking = store.write([{ put: otherKey(room), value: found }])
      return false
    },
    /** What the person is asked is on the disk. */
    asked: () => asking,
    /** As the person has it from here on. */
    known: (user: Id) => (agreed ? undefined : known(user, looked?.policy.kind === "group")),
    /** Who is there that nobody of the account has seen there; undefined: nobody. */
    present(): Present | undefined {
      if (!looked || looked.policy.kind === "self") return undefined
      const leaves = looked.leaves.filter(({ user }) => user !== me.user)
      const now = rosterOf(leaves)
      if (roster) {
        const news = newsOf(roster, now)
        return Object.values(news).some((users) => users.length > 0) ? news : undefined
      }
      const strangers = [...now.keys()].filter(
        (user) => looked?.policy.kind === "group" || !knownIdentity(user),
      )
      return strangers.length > 0
        ? { joined: strangers, newDevice: [], newIdentity: [], all: true }
        : undefined
    },
    writes: (): SealedWrite[] => (agreed ? [{ drop: otherKey(room) }] : []),
  }
}
