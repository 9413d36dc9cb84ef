/** Asking for friendship, answering, ending it; what one notes of people, and whom one blocks. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { acceptRequest, declineRequest, removeFriend } from "../../contact/answer.ts"
import { block, unblock } from "../../contact/block.ts"
import type { Notes } from "../../contact/people.ts"
import { requestFriend } from "../../contact/request.ts"
import { acceptIdentity, checkSafetyCode, setVerified } from "../../contact/safety.ts"
import { checkText, NAME_MAX, TAG_MAX, TAGS_MAX } from "../../content/name.ts"
import type { Home } from "../../home.ts"
import type { Problem } from "../../problem.ts"
import type { ContactCommands } from "../port/contacts.ts"
import { done, type Handlers, notFound } from "./handler.ts"

export const contactCommands: Handlers<keyof ContactCommands> = {
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
  async acceptRequest(home, { id, remark }) {
    const noted = remark === undefined ? ok("") : checkText(remark, NAME_MAX)
    if (!noted.ok) return noted
    const user = home.contacts.request(id)?.user
    const accepted = await acceptRequest(home.answerParts, id)
    if (!accepted.ok) return accepted
    if (user && noted.value !== "") await home.people.note(user, { remark: noted.value }, home.clock())
    home.flush()
    return accepted
  },
  declineRequest: (home, { id }) => declineRequest(home.answerParts, id),
  removeFriend: (home, { user }) => removeFriend(home.answerParts, user),
  async setRemark(home, { user, remark }) {
    const checked = checkText(remark, NAME_MAX)
    return checked.ok ? note(home, user, { remark: checked.value }) : checked
  },
  async setTags(home, { user, tags }) {
    const wanted = new Set<string>()
    for (const tag of tags) {
      const checked = checkText(tag, TAG_MAX)
      if (!checked.ok) return checked
      if (checked.value !== "") wanted.add(checked.value)
    }
    if (wanted.size > TAGS_MAX) return err({ kind: "too_many_tags" })
    return note(home, user, { tags: [...wanted] })
  },
  setVerified: (home, { user, on, number }) => setVerified(home, user, on, number),
  checkSafetyCode: (home, { user, payload }) => checkSafetyCode(home, user, payload),
  acceptIdentity: (home, { user, number }) => acceptIdentity(home, user, number),
  async block(home, { user }) {
    const blocked = await block(home.answerParts, user)
    home.flush()
    return blocked
  },
  unblock: (home, { user }) => unblock(home.answerParts, user),
}

async function note(home: Home, user: Id, notes: Notes): Promise<Result<null, Problem>> {
  if (!(await home.people.note(user, notes, home.clock()))) return notFound
  home.flush()
  return done
}
