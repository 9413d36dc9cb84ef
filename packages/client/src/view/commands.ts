/** What a signed-in person can do. Signing in and out is the session's business (client.ts). */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import type { Changes } from "../changes.ts"
import { topics } from "../changes.ts"
import { acceptRequest, declineRequest, removeFriend } from "../contact/answer.ts"
import { requestFriend } from "../contact/request.ts"
import { handOver, inviteToGroup, leaveGroup, removeFromGroup, sayCard, setAdmin } from "../group/change.ts"
import { checkName, createGroup } from "../group/create.ts"
import type { Home } from "../home.ts"
import type { Problem } from "../problem.ts"
import { objectionTo } from "../room/heed.ts"
import { unsealed } from "../room/outbox.ts"
import { keys } from "../room/records.ts"
import type { CommandArgs, CommandName, CommandValue } from "./port.ts"

/** As content/message.ts has it. */
const ANNOUNCEMENT_MAX = 4000

export type SessionCommand = "createAccount" | "confirmRecoveryCode" | "signIn" | "signOut"
export type HomeCommand = Exclude<CommandName, SessionCommand>

type Handler<C extends CommandName> = (
  home: Home,
  args: CommandArgs<C>,
  changes: Changes,
) => Promise<Result<CommandValue<C>, Problem>>

const notFound: Result<never, Problem> = err({ kind: "not_found" })
const done = ok(null)

export const homeCommands: { readonly [C in HomeCommand]: Handler<C> } = {
  async requestFriend(home, { username, line }) {
    const asked = await requestFriend(home.answerParts, username, line)
    if (!asked.ok) return asked
    home.flush()
    if (asked.value.kind === "asked") {
      await home.contacts.refresh()
      return ok({ accepted: false })
    }
    // Both asked at the same moment; the other one's request came first, so this is an acceptance.
    const accepted = await acceptRequest(home.answerParts, asked.value.request)
    if (!accepted.ok) return accepted
    home.flush()
    return ok({ accepted: true })
  },
  async acceptRequest(home, { id }) {
    const accepted = await acceptRequest(home.answerParts, id)
    if (accepted.ok) home.flush()
    return accepted
  },
  declineRequest: (home, { id }) => declineRequest(home.answerParts, id),
  removeFriend: (home, { user }) => removeFriend(home.answerParts, user),

  createGroup: (home, args) => createGroup(home.answerParts, args),
  inviteToGroup: (home, { room, users }) => inviteToGroup(home.answerParts, room, users),
  removeFromGroup: (home, { room, user }) => removeFromGroup(home.answerParts, room, user),
  leaveGroup: (home, { room }) => leaveGroup(home.answerParts, room),
  async renameGroup(home, { room, name }) {
    const checked = checkName(name)
    return checked.ok ? sayCard(home.answerParts, room, { name: checked.value }) : checked
  },
  async setAnnouncement(home, { room, text }) {
    const announcement = text.trim()
    if (announcement.length > ANNOUNCEMENT_MAX) return err({ kind: "announcement_too_long" })
    return sayCard(home.answerParts, room, { announcement })
  },
  setAdmin: (home, { room, user, on }) => setAdmin(home.answerParts, room, user, on),
  handOver: (home, { room, user }) => handOver(home.answerParts, room, user),

  async send(home, { room, text }) {
    const actor = home.rooms.get(room)
    if (!actor) return notFound
    if (text.trim() === "") return err({ kind: "invalid_message" })
    if (utf8(text).length > limits.textBytes) return err({ kind: "text_too_long" })
    const state = actor.state()
    if (state.meta.standing !== "open")
      return err({ kind: state.meta.standing === "removed" ? "not_a_member" : "room_frozen" })
    const objection = objectionTo(state, home.people.pinned)
    if (objection) return err(objection)
    return ok(await actor.post({ kind: "text", text }))
  },
  resend: (home, { room, key }) => edit(home, room, key, (item) => ({ put: unsealed(item) })),
  discard: (home, { room, key }) => edit(home, room, key, () => "drop"),

  async markRead(home, { room, seq }) {
    return (await home.reading.mark(room, seq)) ? done : notFound
  },
  async setDraft(home, { room, text }, changes) {
    const actor = home.rooms.get(room)
    if (!actor) return notFound
    if (utf8(text).length > limits.textBytes) return err({ kind: "text_too_long" })
    await actor.change((state) => ({ next: { ...state, meta: { ...state.meta, draft: text } }, writes: [] }))
    changes.emit(topics.draft(room))
    return done
  },
  async setSettings(home, settings) {
    const set = await home.settings.set(settings)
    if (set.ok) home.flush()
    return set
  },
  async reconnect(home) {
    home.reconnect()
    return done
  },
  async dismissAlarm(home, { id }) {
    return (await home.alarms.dismiss(id)) ? done : notFound
  },
}

/** Only what was refused waits for the person; anything else is on its way. */
async function edit(
  home: Home,
  room: Id,
  key: string,
  what: (item: Parameters<typeof unsealed>[0]) => "drop" | { readonly put: ReturnType<typeof unsealed> },
): Promise<Result<null, Problem>> {
  const changed = await home.rooms.get(room)?.change((state) => {
    const item = state.outbox.find((one) => one.key === key && one.state === "refused")
    if (!item) return undefined
    const to = what(item)
    const at = keys.outbox(room, item.order)
    if (to === "drop")
      return {
        next: { ...state, outbox: state.outbox.filter((one) => one !== item) },
        writes: [{ drop: at }],
      }
    const outbox = state.outbox.map((one) => (one === item ? to.put : one))
    return { next: { ...state, outbox }, writes: [{ put: at, value: to.put }] }
  })
  return changed ? done : notFound
}
