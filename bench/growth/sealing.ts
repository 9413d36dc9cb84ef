/** What one message and one change cost a client in a group of more and more devices: real MLS, nothing stored. */
import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { must } from "@teahouse/client/crypto/people.fixture.ts"
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { cpuUs } from "../measure.ts"
import { groupOf } from "../seal-open.ts"
import { type Axis, curvesOf } from "./axis.ts"

export const sealing: Axis = async (quick) => {
  const { room: rooms } = mlsCrypto
  const sizes = quick ? [2, 10, 50] : [2, 10, 30, 100, 300, 1_000]
  const turns = quick ? 50 : 300
  const found: { x: number; join: number; seal: number; open: number }[] = []
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
    found.push({ x: size, join, ...spent })
  }
  const curve = curvesOf(found)
  return [
    {
      file: "sealing",
      title: "A client in a group of more and more devices",
      axis: "devices",
      curves: [
        curve("sealing a message, CPU", "µs", "seal"),
        curve("opening a message, CPU", "µs", "open"),
        curve("joining by a welcome, CPU", "µs", "join"),
      ],
    },
  ]
}
