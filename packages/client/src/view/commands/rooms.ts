/** Groups: made, changed, left. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import type { Card } from "../../content/card.ts"
import {
  dissolveGroup,
  handOver,
  leaveGroup,
  removeFromGroup,
  sayCard,
  sayNick,
  setAdmin,
  setInviteRule,
  setPastRule,
} from "../../group/change.ts"
import { checkName, createGroup } from "../../group/create.ts"
import { inviteMany } from "../../group/grow.ts"
import { askToJoin, forgetJoining, lookAtLink } from "../../group/join.ts"
import { createLink, renewPreviews, revokeLink } from "../../group/link.ts"
import type { Home } from "../../home.ts"
import { pictureType } from "../../picture.ts"
import { dataUrl } from "../pictures.ts"
import type { BotCommands } from "../port/bots.ts"
import type { ImportCommands } from "../port/imports.ts"
import type { RoomCommands } from "../port/rooms.ts"
import { botCommands } from "./bots.ts"
import { done, type Handlers, notFound } from "./handler.ts"
import { importCommands } from "./imports.ts"

/** As content/message.ts has it. */
const ANNOUNCEMENT_MAX = 4000

/** What strangers see follows, without keeping whoever changed it waiting. */
function renew(home: Home, room: Id, news: Pick<Partial<Card>, "name" | "picture">): void {
  const card = home.rooms.get(room)?.state().meta.card
  if (!card) return
  const { picture: _, ...rest } = card
  const next: Card = "name" in news ? { ...card, ...news } : { ...rest, ...news }
  renewPreviews(home.answerParts, room, next).catch(home.answerParts.onFailure)
}

export const roomCommands: Handlers<keyof RoomCommands | keyof BotCommands | keyof ImportCommands> = {
  ...botCommands,
  ...importCommands,
  createGroup: (home, args) => createGroup(home.answerParts, args),
  inviteToGroup: (home, { room, users }) => inviteMany(home.answerParts, room, users),
  removeFromGroup: (home, { room, user }) => removeFromGroup(home.answerParts, room, user),
  leaveGroup: (home, { room }) => leaveGroup(home.answerParts, room),
  async renameGroup(home, { room, name }) {
    const checked = checkName(name)
    if (!checked.ok) return checked
    const said = await sayCard(home.answerParts, room, { name: checked.value })
    if (said.ok) renew(home, room, { name: checked.value })
    return said
  },
  async setAnnouncement(home, { room, text }) {
    const announcement = text.trim()
    if (announcement.length > ANNOUNCEMENT_MAX) return err({ kind: "announcement_too_long" })
    return sayCard(home.answerParts, room, { announcement })
  },
  setAdmin: (home, { room, user, on }) => setAdmin(home.answerParts, room, user, on),
  async setGroupPicture(home, { room, picture }) {
    const fits = picture === null || pictureType(picture)
    if (!fits) return err({ kind: "bad_picture" })
    const said = await sayCard(home.answerParts, room, { picture })
    if (said.ok) renew(home, room, picture ? { picture } : {})
    return said
  },
  async groupPicture(home, { room }) {
    const picture = home.rooms.get(room)?.state().meta.card?.picture
    return ok({ picture: (picture && dataUrl(picture)) ?? null })
  },
  setGroupNick: (home, { room, name }) => sayNick(home.answerParts, room, name),
  setPastRule: (home, { room, days }) => setPastRule(home.answerParts, room, days),
  setInviteRule: (home, { room, invite }) => setInviteRule(home.answerParts, room, invite),
  dissolveGroup: (home, { room }) => dissolveGroup(home.answerParts, room),
  async seeAnnouncement(home, { room }) {
    await home.rooms.get(room)?.change((state) => {
      const { meta } = state
      const heard = meta.card?.announced ?? 0
      return heard > (meta.heard ?? 0)
        ? { next: { ...state, meta: { ...meta, heard } }, writes: [] }
        : undefined
    })
    return done
  },
  createLink: (home, { room, days, approval }) => createLink(home.answerParts, room, { days, approval }),
  revokeLink: (home, { room, link }) => revokeLink(home.answerParts, room, link),
  async lookAtLink(home, { link }) {
    const look = await lookAtLink(home.answerParts, link)
    if (!look.ok) return look
    const { picture, ...rest } = look.value
    const shown = picture && dataUrl(picture)
    return ok({ ...rest, ...(shown ? { picture: shown } : {}) })
  },
  askToJoin: (home, { link }) => askToJoin(home.answerParts, link),
  forgetJoining: (home, { room }) => forgetJoining(home.answerParts, room),
  answerJoin: (home, { request, accept }) => home.admission.answer(request, accept),
  handOver: (home, { room, user }) => handOver(home.answerParts, room, user),
  async setHabits(home, { room, ...news }) {
    const meta = home.rooms.get(room)?.state().meta
    if (!meta) return notFound
    if (await home.habits.set(meta, news)) home.flush()
    if (news.kept !== undefined) home.safekeeping.decided(room)
    return done
  },
}
