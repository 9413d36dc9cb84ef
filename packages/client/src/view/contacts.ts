/** Friends by name, the requests that wait, in and out, and one person's page. */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { topics } from "../changes.ts"
import { codeOf, isVerified, partiesOf, safetyNumber } from "../contact/changed.ts"
import type { Party } from "../content/safety-code.ts"
import { findPicture, pictureType } from "../picture.ts"
import type { MakeView } from "./context.ts"
import type { SafetyNumber } from "./port/contacts.ts"
import { titleOf } from "./room-list.ts"

export const contactsView: MakeView<"contacts"> = ({ home }) => ({
  topics: [topics.contacts, topics.session],
  async compute() {
    const here = home()
    if (!here) return { friends: [], incoming: [], outgoing: [], tags: [], blocked: [] }
    const { contacts, people } = here
    const friends = contacts.friends().map(({ user, room }) => {
      const { remark = "", nickname = "", tags = [] } = people.get(user) ?? {}
      return { ...people.person(user), room, remark, nickname, tags }
    })
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
      tags: [...new Set(friends.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b)),
      blocked: contacts.blocked().map((user) => people.person(user)),
    }
  },
})

export const personView: MakeView<"person"> = ({ home }, { user }) => ({
  topics: [topics.contacts, topics.rooms, topics.session],
  async compute() {
    const here = home()
    const known = here?.people.get(user)
    if (!here || !known) return { state: "absent" }
    const { remark = "", nickname = "", status = "", tags = [] } = known
    const friend = here.contacts.friends().find((one) => one.user === user)
    const states = here.rooms.all().map((actor) => actor.state())
    const groups = states.filter(
      ({ meta }) => meta.kind === "group" && meta.standing !== "removed" && meta.users.includes(user),
    )
    const own = user === here.account.user
    const room = own
      ? states.find(({ meta }) => meta.kind === "self")?.meta.room
      : (friend?.room ?? states.find(({ meta }) => meta.peer === user)?.meta.room)
    return {
      state: "here",
      ...here.people.person(user),
      remark,
      nickname,
      status,
      tags,
      relation: own ? "self" : friend ? "friend" : "stranger",
      blocked: here.contacts.isBlocked(user),
      verified: isVerified(here, user),
      ...(room ? { room } : {}),
      groups: own ? [] : groups.map(({ meta }) => ({ room: meta.room, title: titleOf(here, meta) })),
    }
  },
})

export const safetyView: MakeView<"safety"> = ({ home }, { user }) => {
  // It is dear to compute, and asked for whenever anything of a chat or a contact changes.
  const known = new Map<string, SafetyNumber>()
  return {
    topics: [topics.contacts, topics.rooms, topics.session],
    async compute() {
      const here = home()
      here?.meet(user)
      const parties = here && partiesOf(here, user)
      if (!parties) return { state: "absent" }
      const { me, pinned, changed } = parties
      const of = (friend: Party): SafetyNumber => {
        const code = codeOf(me, friend)
        const made = known.get(code) ?? { number: safetyNumber(here, me, friend), code }
        known.set(code, made)
        return made
      }
      const verifiedAt = here.people.verifiedSince(user)
      return {
        state: "here",
        ...of(pinned),
        ...(verifiedAt === undefined ? {} : { verifiedAt }),
        ...(changed ? { changed: of(changed) } : {}),
      }
    },
  }
}

export const pictureView: MakeView<"picture"> = ({ home }, { picture }) => ({
  // What has this name is always the same.
  topics: [topics.session],
  async compute() {
    const here = home()
    const bytes = here && (await findPicture(here.store, picture))
    const type = bytes && pictureType(bytes)
    if (!bytes || !type) return {}
    return {
      url: `data:${type};base64,${toBase64url(bytes).replaceAll("-", "+").replaceAll("_", "/")}`,
    }
  },
})
