/** One chat's head: title, members, whether one may write. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { pastDays } from "@teahouse/protocol/policy.ts"
import { topics } from "../changes.ts"
import { changedIdentity, isVerified } from "../contact/changed.ts"
import { encodeFragment } from "../group/fragment.ts"
import { linksOf } from "../group/known-links.ts"
import { roleIn } from "../room/card.ts"
import type { MakeView } from "./context.ts"
import { quoteOf } from "./message-item.ts"
import { personIn, publicNameIn } from "./person-in.ts"
import { versionOf } from "./pictures.ts"
import { titleOf } from "./room-list.ts"

export const roomView: MakeView<"room"> = ({ home }, { room }) => ({
  topics: [topics.room(room), topics.contacts, topics.session],
  async compute() {
    const here = home()
    const state = here?.rooms.get(room)?.state()
    if (!here || !state) return { state: "absent" }
    const { kind, standing, peer, users, card } = state.meta
    if (peer && standing === "open") here.meet(peer)
    const role = (user: Id) => roleIn(state.group, user)
    const own = role(here.account.user)
    const policy = state.group?.judged.policy
    const links = linksOf(state, here.clock()).map(({ id, secret, expires, approval }) => ({
      ...{ id, link: encodeFragment({ room, secret }), expires, approval },
    }))
    return {
      state: "here",
      room,
      kind,
      title: titleOf(here, state.meta),
      ...(peer ? { peer: here.people.person(peer) } : {}),
      ...(peer && here.presence.here(peer) ? { online: true } : {}),
      ...(peer && isVerified(here, peer) ? { verified: true } : {}),
      ...(peer && changedIdentity(here, peer) ? { changed: true } : {}),
      members: users.map((user) => ({
        ...personIn(here, state.meta, user),
        publicName: publicNameIn(here, state.meta, user),
        role: role(user),
      })),
      role: own,
      announcement: card?.announcement ?? "",
      announcementNew: Boolean(card?.announcement) && (card?.announced ?? 0) > (state.meta.heard ?? 0),
      ...(card?.picture ? { picture: versionOf(card.picture) } : {}),
      nick: state.meta.nicks?.[here.account.user]?.name ?? "",
      invite: policy?.add ?? "everyone",
      pastDays: policy ? pastDays(policy) : 0,
      links: standing === "open" ? links : [],
      mayInvite: kind === "group" && (policy?.add === "everyone" || own !== "member"),
      timer: state.meta.timer ?? 0,
      // A lost group state heals by itself, and the outbox waits for it.
      writable: standing === "open",
      ...(standing === "open" ? {} : { closed: standing }),
      habits: here.habits.of(state.meta),
    }
  },
})

export const composerView: MakeView<"composer"> = ({ home }, { room }) => ({
  topics: [topics.draft(room), topics.session],
  async compute() {
    const here = home()
    const state = here?.rooms.get(room)?.state()
    if (!here || !state) return { draft: "", mentions: [] }
    const { draft, composing = {} } = state.meta
    const { mentions = [], reply, edit } = composing
    return {
      draft,
      mentions,
      ...(reply ? { reply: await quoteOf(here, state, reply) } : {}),
      ...(edit ? { edit: { seq: edit.seq, stashed: edit.stashed } } : {}),
    }
  },
})
