/** The room with oneself (文件传输助手): one per account, made by its first device. */
import { newId } from "@teahouse/protocol/ids.ts"
import { selfPolicy } from "@teahouse/protocol/policy.ts"
import { freshMeta } from "../room/fresh.ts"
import { freshRoomWrites } from "../room/load.ts"
import type { Rooms } from "../room/rooms.ts"
import type { PackageParts } from "./key-packages.ts"

/** A hint of another device may come while it is made: this one would come into its own room by a commit, beside the state it has made. */
export const ensureSelfRoom = (parts: PackageParts & { rooms: Rooms }): Promise<void> =>
  parts.rooms.undisturbed(() => make(parts))

async function make({ crypto, me, call, rooms }: PackageParts & { rooms: Rooms }) {
  if (rooms.all().some((actor) => actor.state().meta.kind === "self")) return
  const who = await call("me", {})
  // Another device made it: this one comes in by external commit, like into every room.
  if (!who.ok || who.value.selfRoom !== null) return
  const room = newId((length) => crypto.sealed.randomBytes(length))
  const made = await crypto.room.create(me, room, 0, selfPolicy(me.user))
  const created = await call("createRoom", { request: { room, n: 1, opening: made.opening } })
  // A lost answer costs nothing: the room is then listed, and joined like any other.
  if (!created.ok) return
  const meta = freshMeta(made.room, me.user, created.value.placed, "open", 1)
  await rooms.adopt(meta, freshRoomWrites(crypto, meta, made.room))
}
