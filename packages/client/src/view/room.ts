/** One chat's head: title, members, whether one may write. */
import { topics } from "../changes.ts"
import type { MakeView } from "./context.ts"
import { titleOf } from "./room-list.ts"

export const roomView: MakeView<"room"> = ({ home }, { room }) => ({
  topics: [topics.room(room), topics.contacts, topics.session],
  async compute() {
    const here = home()
    const state = here?.rooms.get(room)?.state()
    if (!here || !state) return { state: "absent" }
    const { kind, standing, peer, users } = state.meta
    return {
      state: "here",
      room,
      kind,
      title: titleOf(here, state.meta),
      ...(peer ? { peer: here.people.person(peer) } : {}),
      members: users.map((user) => here.people.person(user)),
      // A lost group state heals by itself, and the outbox waits for it.
      writable: standing === "open",
      ...(standing === "open" ? {} : { closed: standing }),
    }
  },
})

export const composerView: MakeView<"composer"> = ({ home }, { room }) => ({
  topics: [topics.draft(room), topics.session],
  async compute() {
    return { draft: home()?.rooms.get(room)?.state().meta.draft ?? "" }
  },
})
