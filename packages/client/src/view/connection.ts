/** Connected or not, what waits, and alarms. Signed out there is nothing to be connected for. */
import { topics } from "../changes.ts"
import { textOf } from "../room/preview.ts"
import type { MakeView } from "./context.ts"

export const connectionView: MakeView<"connection"> = ({ home }) => ({
  topics: [topics.connection, topics.session],
  async compute() {
    const here = home()
    if (!here) return { state: "connected", waiting: 0, alarms: [] }
    let waiting = 0
    for (const actor of here.rooms.all())
      for (const item of actor.state().outbox)
        if (textOf(item.draft) !== undefined && item.state !== "refused" && !item.accepted) waiting++
    const all = here.alarms.all()
    const notices = all.filter(({ kind }) => kind === "device_added")
    const alarms = all.filter((one) => !notices.includes(one))
    return { ...here.connection(), waiting, alarms, ...(notices.length > 0 ? { notices } : {}) }
  },
})
