/** What people do: mostly they write. What the client has promised to send is written down, to be looked for at the end. */
import type { RoomMeta } from "@teahouse/client/room/records.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Device, World } from "./world.ts"

/** The client said that it is kept and will be sent. */
export type Promised = {
  readonly device: Device
  readonly room: Id
  readonly key: string
  readonly text: string
}

const emoji = ["👍", "🍵", "🎉"]

export function createPeople(world: World, promised: Promised[]) {
  const { rng, watch, devices } = world
  let written = 0

  const openRooms = (device: Device): RoomMeta[] =>
    [...(watch.metas.get(device.seat)?.values() ?? [])].filter(
      ({ standing, kind }) => standing === "open" && kind !== "self",
    )

  const say = (device: Device, room: Id) => {
    const text = `${device.seat.name} says ${++written}`
    return world.act(device, "send", { room, text }, (result) => {
      if (result.ok) promised.push({ device, room, key: result.value.key, text })
    })
  }
  const messages = (room: Id, by?: Id) =>
    (watch.logs.get(room) ?? []).filter(({ kind, device }) => kind === 0 && (!by || device === by))

  async function group(device: Device, { room, users }: RoomMeta): Promise<void> {
    const others = users.filter((user) => user !== device.seat.user)
    switch (rng.below(5)) {
      case 0:
        return world.act(device, "renameGroup", { room, name: `name ${++written}` })
      case 1: {
        const outside = devices.map(({ seat }) => seat.user).filter((user) => !users.includes(user))
        return outside.length > 0
          ? world.act(device, "inviteToGroup", { room, users: [rng.pick(outside)] })
          : undefined
      }
      case 2:
        return others.length > 0
          ? world.act(device, "removeFromGroup", { room, user: rng.pick(others) })
          : undefined
      case 3:
        return world.act(device, "leaveGroup", { room })
      case 4:
        return world.act(device, "createGroup", { name: `group ${++written}`, members: others })
    }
  }

  async function meet(device: Device): Promise<void> {
    const other = rng.pick(devices)
    if (other.seat.user === device.seat.user || !device.client) return
    let request: Id | undefined
    const stop = device.client.subscribe("contacts", undefined, ({ incoming }) => {
      request = incoming[0]?.id
    })
    await world.time.as(device.process, () => {})
    stop()
    if (request) return world.act(device, "acceptRequest", { id: request })
    return world.act(device, "requestFriend", { username: other.seat.username, line: "hello" })
  }

  return {
    async something(): Promise<void> {
      const device = rng.pick(devices)
      if (!device.process.alive) return
      const rooms = openRooms(device)
      if (rooms.length === 0 || rng.chance(0.03)) return meet(device)
      const meta = rng.pick(rooms)
      const { room } = meta
      const dice = rng.next()
      if (dice < 0.6) return say(device, room)
      if (dice < 0.7) {
        for (let i = 2 + rng.below(4); i > 0; i--) await say(device, room)
        return
      }
      if (dice < 0.8) return world.act(device, "markRead", { room, seq: meta.seq })
      if (dice < 0.85 && meta.kind === "group") return group(device, meta)
      const all = messages(room)
      const own = messages(room, device.seat.device)
      if (all.length > 0 && rng.chance(0.5))
        return world.act(device, "react", {
          room,
          seq: rng.pick(all).seq,
          emoji: rng.pick(emoji),
          on: rng.chance(0.7),
        })
      if (own.length === 0) return say(device, room)
      const { seq } = rng.pick(own.slice(-5))
      return rng.chance(0.5)
        ? world.act(device, "recall", { room, seq })
        : world.act(device, "editMessage", { room, seq, text: `edited ${++written}` })
    },
  }
}
