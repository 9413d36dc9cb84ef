/** Friends by name, and the requests that wait, in and out. */
import { topics } from "../changes.ts"
import type { MakeView } from "./context.ts"

export const contactsView: MakeView<"contacts"> = ({ home }) => ({
  topics: [topics.contacts, topics.session],
  async compute() {
    const here = home()
    if (!here) return { friends: [], incoming: [], outgoing: [] }
    const { contacts, people } = here
    const friends = contacts.friends().map(({ user, room }) => ({ ...people.person(user), room }))
    return {
      friends: friends.sort((a, b) => a.name.localeCompare(b.name)),
      incoming: contacts.requests("in").map(({ id, user, time, opened }) => ({
        id,
        from: people.person(user),
        line: opened?.line ?? "",
        at: time,
      })),
      outgoing: contacts
        .requests("out")
        .map(({ id, user, time }) => ({ id, to: people.person(user), at: time })),
    }
  },
})
