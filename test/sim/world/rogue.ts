/**
 * A member who means harm: a device with a good session and no client behind it. It says garbage under its own name, says again
 * what others have said, uses numbers twice, and sends bytes that are no frames at all. It spoils its own entries and nothing else
 * (docs/contract.md 5). Commits that the house cannot tell from good ones are test/headless/saboteur.serial.test.ts's.
 */
import { ACCOUNT, type AccountRecord } from "@teahouse/client/account/records.ts"
import type { Socket } from "@teahouse/client/platform.ts"
import { vector } from "@teahouse/judge/tree.ts"
import { concat, toBase64url, u64 } from "@teahouse/protocol/bytes.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { API } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { signatureOf } from "../model/bytes.ts"
import type { Process } from "./time.ts"
import { plain } from "./watch.ts"
import type { Device, World } from "./world.ts"

/** The outer form of a message (RFC 9420 section 6.3), with anything inside. */
const disguised = (room: Id, epoch: number, inside: Uint8Array): Uint8Array =>
  concat(
    concat(Uint8Array.of(0, 1, 0, 2), vector(groupId(room, 0)), u64(epoch), Uint8Array.of(1)),
    ...[vector(new Uint8Array()), vector(new Uint8Array(8)), vector(inside)],
  )

export function createRogue(world: World, device: Device) {
  const { rng, watch, network, time } = world
  const { seat, disk } = device
  const record = disk.rows(seat.user).get(ACCOUNT)
  if (!record) throw new Error("nobody is there")
  const account = plain<AccountRecord>(record)
  const process: Process = { name: `${seat.name} the rogue`, alive: true }
  /** What others have said, as it came over the line. */
  const heard: Uint8Array[] = []
  let socket: Socket | undefined
  let ready = false
  let n = 50

  function open() {
    ready = false
    const own = network.openSocketFor(seat.name, process)("", {
      open() {},
      message(bytes) {
        const frame = decodeDown(bytes)
        if (!frame.ok) return
        if (frame.value.t === "challenge" && account.session) {
          const signed = greetingBytes(frame.value.house, frame.value.nonce, account.session.id)
          const signature = signatureOf(account.device.signature.publicKey, signed)
          own.send(encodeUp({ t: "hello", ...protocolVersion, session: account.session.id, signature }))
        }
        if (frame.value.t === "ready") ready = true
        if (frame.value.t === "entries")
          for (const { body } of frame.value.entries) if (body) heard.push(body)
      },
      close() {
        socket = undefined
      },
    })
    socket = own
  }

  const say = (frame: Up) => socket?.send(encodeUp(frame))
  const post = (path: string, body: object) =>
    void network
      .fetchFor(seat.name, process)(`http://house.test${API}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${toBase64url(seat.token)}` },
        body: JSON.stringify(body),
        signal: new AbortController().signal,
      })
      .catch(() => {})

  function harm() {
    const rooms = [...watch.logs.keys()]
    if (rooms.length === 0) return
    const room = rng.pick(rooms)
    const epoch = watch.logs.get(room)?.at(-1)?.epoch ?? 0
    const send = (body: Uint8Array, number = ++n, at = epoch) =>
      say({ t: "send", room, generation: 0, epoch: at, items: [{ n: number, body }] })
    const text = (length: number) => Buffer.from(rng.bytes(length)).toString("base64")
    switch (rng.below(9)) {
      case 0:
        return say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq: 0 }] })
      case 1:
      case 2:
        return send(disguised(room, epoch, rng.bytes(rng.below(400))))
      case 3:
        return heard.length > 0 ? send(rng.pick(heard)) : undefined
      case 4:
        return send(disguised(room, epoch, rng.bytes(40)), n)
      case 5:
        return send(disguised(room, epoch + 1, rng.bytes(40)), ++n, epoch + 1)
      case 6:
        return socket?.send(rng.bytes(rng.below(200)))
      case 7: {
        const [commit, groupInfo] = [text(200), text(100)]
        return post(`/rooms/${room}/commits`, { n: ++n, generation: 0, epoch, commit, groupInfo })
      }
      case 8:
        return post(`/rooms/${room}/notices`, { n: ++n, notice: text(80) })
    }
  }

  return {
    /** One thing, if it is connected; else it comes back. */
    something: (): Promise<void> =>
      time.as(process, () => {
        if (!socket) open()
        else if (ready) harm()
      }),
    stop() {
      process.alive = false
      network.died(process)
    },
  }
}
