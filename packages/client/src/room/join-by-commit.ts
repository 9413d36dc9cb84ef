/**
 * A new device's way into its account's rooms: by external commit, beside what the account's devices have noted of the room (SECURITY
 * R5). Loaded where there is a room that this device is not in.
 */
import type { RoomState as Judged } from "@teahouse/judge/state.ts"
import type { RoomSummary } from "@teahouse/protocol/http/room.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { HistoryEntry, Present } from "../history/entry.ts"
import type { Call } from "../http.ts"
import type { Problem } from "../problem.ts"
import { isBehind } from "./behind.ts"
import { besideRoster } from "./beside-roster.ts"
import { type Place as EpochPlace, makeExternal, postPending } from "./commits.ts"
import { acceptable, freshMeta } from "./fresh.ts"
import { goingOn, PAST_POSITIONS, type Parts, usedNumber } from "./join.ts"
import { isLost } from "./life.ts"
import { livesFor } from "./lives-for.ts"
import { freshRoomWrites } from "./load.ts"
import type { PendingCommit, RoomMeta } from "./records.ts"

/** A room begins with its opening and who is added to it: nobody may have entries of these. */
const OPENING = 2

/** What none of one's own devices has kept is asked of the others, once all that the house has is here. */
function ownPast({ kind, since }: RoomSummary, seq: number): Pick<RoomMeta, "wanted"> {
  const from = Math.max(OPENING + 1, seq - PAST_POSITIONS, since)
  return kind !== "self" && from < seq ? { wanted: { from, to: seq - 1 } } : {}
}

async function listedNow(call: Call, room: Id): Promise<RoomSummary | undefined> {
  const listed = await call("listRooms", {})
  return listed.ok ? listed.value.rooms.find((one) => one.room === room) : undefined
}

type JoinRecord = {
  readonly pending: PendingCommit
  readonly incarnation: number
  /** Who is there that the account's devices have not seen there. */
  readonly present?: Present
}
const joinKey = (room: Id) => `join/${room}`

/** The commit is stored before it is posted, and posted again after a crash: the same bytes get the same answer. */
export async function joinByCommit(
  parts: Parts,
  summary: RoomSummary,
  /** What is known of the room from before a restored house forgot this device there. */
  before?: RoomMeta,
): Promise<Result<RoomMeta, Problem>> {
  const { store, crypto, me, call, history, clock } = parts
  const { room } = summary
  const lives = await livesFor(parts, room, summary.incarnation)
  if (!lives.ok) {
    if (lives.error !== "forged") return err(lives.error)
    parts.alarm("bad_signature", room)
    return err({ kind: "commit_refused" })
  }
  let record = await store.get<JoinRecord>(joinKey(room))
  if (!record) {
    const number = async () => (await usedNumber(parts, room, before?.n ?? 0)) + 1
    const noted = await parts.knownHead(room)
    const head = noted && !isLost(noted, lives.value.life) ? noted : undefined
    // What was listed before may be older than what another device has noted since.
    const beside = await besideRoster(parts, room, lives.value.life)
    const reached = Math.max(head?.seq ?? 0, beside.seq)
    const shown = reached > summary.seq ? ((await listedNow(call, room)) ?? summary) : summary
    const fits = (judged: Judged, place: EpochPlace) => {
      const back = (head && isBehind(head, shown, place)) ?? beside.behind(shown, place)
      if (back) parts.alarm(back, room)
      return !back && beside.accepts(judged) && acceptable(judged, me, beside.known)
    }
    const made = await makeExternal(crypto, me, call, room, number, undefined, fits, clock)
    await beside.asked()
    if (!made.ok) return made.error.kind === "unattested" ? err({ kind: "unavailable" }) : err(made.error)
    const present = beside.present()
    record = { ...made.value, ...(present && { present }) }
    await store.write([{ put: joinKey(room), value: record }, ...beside.writes()], "strict")
  }
  const { pending, present } = record
  const posted = await postPending(call, room, pending)
  if (!posted.ok) {
    if (posted.error.kind !== "offline") await store.write([{ drop: joinKey(room) }])
    return posted
  }
  const { placed } = posted.value
  const group = crypto.room.decode(me, room, pending.nextGeneration, pending.next, [])
  if (!group) throw new Error("a commit of our own cannot be read back")
  const standing = summary.state === "frozen" ? "frozen" : summary.state === "pending" ? "pending" : "open"
  const place = { ...placed, ...lives.value, time: placed.time || clock() }
  const fresh: RoomMeta = {
    ...freshMeta(group, me.user, place, standing, pending.n),
    ...(pending.unattested ? { unattested: true } : {}),
    ...ownPast(summary, placed.seq),
  }
  const meta = before ? goingOn(fresh, before) : fresh
  const entry: HistoryEntry = {
    seq: placed.seq,
    generation: group.generation,
    kind: 1,
    device: me.device,
    n: pending.n,
    time: placed.time,
    hash: placed.hash,
    user: me.user,
    item: { type: "here", first: true, ...(present && { present }) },
  }
  const kept = await history.add(room, meta.incarnation, [entry])
  await store.write([...freshRoomWrites(crypto, meta, group), ...kept, { drop: joinKey(room) }], "strict")
  return ok(meta)
}
