/**
 * The client's cryptography alone, CPU for one: `seal-open` a message of 200 bytes in rooms of several sizes, `join` a room by its welcome and by an
 * external commit. One process, real MLS, nothing stored.
 */

import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { deviceOf, id, keyPackageOf, must, noData, person } from "@teahouse/client/crypto/people.fixture.ts"
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { cpuUs, type Print, round } from "./measure.ts"

const { room: rooms } = mlsCrypto
const ADDS = 128

/** A group as its owner has it, and the last who was added. */
export async function groupOf(members: number) {
  const owner = await person("owner")
  const device = await deviceOf(owner)
  const room = id()
  const made = await rooms.create(device, room, 0, groupPolicy(owner.user))
  let at = made.room
  let last: Awaited<ReturnType<typeof lastAdded>> | undefined
  for (let left = members - 1; left > 0; left -= ADDS) {
    last = await lastAdded(at, Math.min(ADDS, left))
    at = last.bundle.next
  }
  if (!last) throw new Error("a room of one")
  return { room, owner: at, last }
}

async function lastAdded(at: Parameters<typeof rooms.commit>[0], count: number) {
  const devices = []
  for (let i = 0; i < count; i++) devices.push(await deviceOf(await person(`guest${i}`)))
  const packages = []
  for (const device of devices) packages.push(await keyPackageOf(device))
  const bundle = must(await rooms.commit(at, { add: packages.map(({ bytes }) => bytes), data: noData }))
  const { welcome, groupInfo } = bundle
  if (!welcome) throw new Error("no welcome")
  const [device, keyPackage] = [devices.at(-1), packages.at(-1)?.secret]
  if (!device || !keyPackage) throw new Error("nobody was added")
  return { bundle, device, input: { device, generation: 0, welcome, groupInfo, keyPackage } }
}

export async function sealOpen(print: Print, quick: boolean): Promise<void> {
  const turns = quick ? 200 : 2_000
  for (const members of quick ? [2, 50] : [2, 50, 500]) {
    const { room, owner, last } = await groupOf(members)
    let from = owner
    let to = must(await rooms.join({ ...last.input, room }))
    const [text, aad] = [utf8("x".repeat(200)), utf8("place")]
    const spent = { seal: 0, open: 0 }
    const began = performance.now()
    for (let i = 0; i < turns; i++) {
      const before = cpuUs()
      const sealed = await rooms.sealMessage(from, text, aad)
      const between = cpuUs()
      const opened = must(await rooms.openMessage(to, sealed.bytes))
      spent.seal += between - before
      spent.open += cpuUs() - between
      from = sealed.room
      to = opened.room
    }
    const ms = (performance.now() - began) / turns
    for (const [name, all] of Object.entries(spent))
      print({
        bench: "seal-open",
        case: `${name}-members${members}`,
        server: "teahouse",
        members,
        cpuUs: round(all / turns),
        ms: round(ms),
      })
  }
}

export async function join(print: Print, quick: boolean): Promise<void> {
  for (const members of quick ? [2, 50] : [2, 50, 500]) {
    const { room, last } = await groupOf(members)
    const ways = {
      welcome: async () => void must(await rooms.join({ ...last.input, room })),
      external: async () => {
        // Another device of somebody who is in it.
        const device = await deviceOf(last.device.owner)
        const input = { device, room, generation: 0, groupInfo: last.input.groupInfo, data: noData }
        must(await rooms.joinExternally(input))
      },
    }
    for (const [name, way] of Object.entries(ways)) {
      const turns = quick ? 3 : 7
      await way()
      const [began, before] = [performance.now(), cpuUs()]
      for (let i = 0; i < turns; i++) await way()
      print({
        ...{ bench: "join", case: `${name}-members${members}`, server: "teahouse", members },
        ...{ ms: round((performance.now() - began) / turns), cpuUs: round((cpuUs() - before) / turns) },
      })
    }
  }
}
