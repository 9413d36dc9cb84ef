/** Joining by link: who waits at the door of a group, and at which doors one waits oneself. */
import { topics } from "../changes.ts"
import { joinings } from "../group/join.ts"
import { roleIn } from "../room/card.ts"
import type { MakeView } from "./context.ts"

export const joinRequestsView: MakeView<"joinRequests"> = ({ home }, { room }) => ({
  topics: [topics.joins, topics.room(room), topics.session],
  async compute() {
    const here = home()
    const group = here?.rooms.get(room)?.state().group
    if (!here || !group || roleIn(group, here.account.user) === "member") return { requests: [] }
    const waits = new Set(group.judged.policy.links.filter((link) => link.approval).map((link) => link.id))
    const requests = here.admission.waiting(room).filter(({ link }) => waits.has(link))
    return {
      requests: requests.map(({ id, user, username, time: at }) => {
        const known = here.people.person(user)
        return { id, at, person: known.username ? known : { user, username, name: username } }
      }),
    }
  },
})

export const joiningView: MakeView<"joining"> = ({ home }) => ({
  topics: [topics.joins, topics.session],
  async compute() {
    const here = home()
    return { rooms: here ? await joinings(here.answerParts) : [] }
  },
})
