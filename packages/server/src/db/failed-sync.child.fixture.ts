/**
 * A log in a process of its own, whose disk is made to fail. Its folder and the pages of a checkpoint are the arguments. Each line that
 * comes is one message with that number; each line that goes is `N SEQ`, or `N REFUSAL`, and `fatal KIND` where the writer has ended.
 */
import { createInterface } from "node:readline"
import { leaves, openDb, openTestRoom, sendOf } from "../room/log.fixture.ts"

const [folder, pages] = process.argv.slice(2) as [string, string]
const say = (line: string) => process.stdout.write(`${line}\n`)
const db = await openDb(folder, {
  checkpointPages: Number(pages),
  onFatal: (_error, why) => say(`fatal ${why}`),
})
const { room, maker } = await openTestRoom(db, leaves(1))
say(`open ${room}`)
for await (const line of createInterface({ input: process.stdin })) {
  const n = Number(line)
  const [answer] = await db.append([sendOf(room, maker.device, [n])], Date.now())
  say(`${n} ${answer?.ok ? answer.value.positions[0]?.seq : answer?.error.kind}`)
}
