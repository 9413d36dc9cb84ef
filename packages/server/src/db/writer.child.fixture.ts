/** A node that writes without end, for a test that makes it stand still. Its database is the first argument. */
import { id, leaves, openTestRoom, sendOf } from "../room/log.fixture.ts"
import { openMysql } from "./mysql.ts"

const opened = await openMysql({ url: process.argv[2] as string })
if (!opened.ok) throw new Error(opened.error.kind)
const db = opened.value
const { room, maker } = await openTestRoom(db, leaves(1), 1, id())
for (let n = 2; ; n++) await db.append([sendOf(room, maker.device, [n])], Date.now())
