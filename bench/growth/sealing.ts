/** What one message and one change cost a client in a group of more and more devices: real MLS, nothing stored. */
import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { must } from "@teahouse/client/crypto/people.fixture.ts"
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { cpuUs } from "../measure.ts"
import { groupOf } from "../seal-open.ts"
import type { Axis } from "./axis.ts"

export const sealing: Axis = async (quick) => {
  const { room: rooms } = mlsCrypto
  const sizes = quick ? [2, 10, 50] : [2, 10, 30, 100, 300, 1_000]
  const turns = quick ? 50 : 300
  const found: { size: number; join: number; seal: number; open: number }[] = []
  for (const size of sizes) {
    const { room, owner, last } = await groupOf(size)
    const joined = cpuUs()
    let to = must(await rooms.join({ ...last.input, room }))
    const join = cpuUs() - joined
    let from = owner
    const [text, aad] = [utf8("x".repeat(200)), utf8("place")]
    const spent = { seal: 0, open: 0 }
    for (let i = -20; i < turns; i++) {
      const before = cpuUs()
      const sealed = await rooms.sealMessage(from, text, aad)
      const between = cpuUs()
      const opened = must(await rooms.openMessage(to, sealed.bytes))
      const after = cpuUs()
      from = sealed.room
      to = opened.room
      // The first warm the compiler.
      if (i < 0) continue
      spent.seal += (between - before) / turns
      spent.open += (after - between) / turns
    }
    found.push({ size, join, ...spent })
  }
  const curve = (name: string, key: "seal" | "open" | "join") => ({
    ...{ name, unit: "µs", points: found.map((one) => ({ x: one.size, y: one[key] })) },
  })
  return [
    {
      file: "sealing",
      title: "A client in a group of more and more devices",
      axis: "devices",
      curves: [
        curve("sealing a message, CPU", "seal"),
        curve("opening a message, CPU", "open"),
        curve("joining by a welcome, CPU", "join"),
      ],
    },
  ]
}
