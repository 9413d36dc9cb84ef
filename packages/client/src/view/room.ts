/** One chat's head: title, members, whether one may write. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import { roleIn } from "../room/card.ts"
import type { MakeView } from "./context.ts"
import { titleOf } from "./room-list.ts"

export const roomView: MakeView<"room"> = ({ home }, { room }) => ({
  topics: [topics.room(room), topics.contacts, topics.session],
  async compute() {
    const here = home()
    const state = here?.rooms.get(room)?.state()
    if (!here || !state) return { state: "absent" }
    const { kind, standing, peer, users, card } = state.meta
    const role = (user: Id) => roleIn(state.group, user)
    const own = role(here.account.user)
    return {
      state: "here",
      room,
      kind,
      title: titleOf(here, state.meta),
      ...(peer ? { peer: here.people.person(peer) } : {}),
      members: users.map((user) => ({ ...here.people.person(user), role: role(user) })),
      role: own,
      announcement: card?.announcement ?? "",
      mayInvite: kind === "group" && (state.group?.judged.policy.add === "everyone" || own !== "member"),
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
