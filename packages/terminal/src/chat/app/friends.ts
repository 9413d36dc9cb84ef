/** Friends and requests, and making a group of some. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { askPage, formPage } from "./form.ts"
import { type Picked, pickPage } from "./pick.ts"
import type { Page, Shell } from "./shell.ts"

export type Going = { open(room: Id): void }

export function friendsPage(shell: Shell, going: Going): Page {
  const { words } = shell
  const contacts = () => shell.live.view("contacts", undefined)
  const page = pickPage(
    shell,
    {
      title: words.friends,
      hint: words.contactsHint,
      rows() {
        const { friends = [], incoming = [], outgoing = [] } = contacts() ?? {}
        const rows: Picked[] = []
        if (incoming.length > 0) rows.push({ id: "requests", label: words.friendRequests, heading: true })
        for (const { id, from, line } of incoming)
          rows.push({
            id: `in ${id}`,
            label: from.name,
            detail: words.requestFrom(from.username, line),
            mark: "+",
          })
        for (const { id, to } of outgoing)
          rows.push({ id: `out ${id}`, label: to.name, detail: words.requestWaiting, mark: "…" })
        rows.push({ id: "friends", label: words.friends, heading: true })
        for (const { room, name, username, nickname } of friends)
          rows.push({ id: `room ${room}`, label: name, detail: name === username ? nickname : username })
        return friends.length + incoming.length + outgoing.length > 0
          ? { rows }
          : { rows: [], note: words.noFriends }
      },
      key(name) {
        if (name === "a") shell.open(addFriendPage(shell, ""))
        else if (name === "g") newGroup(shell, going, "")
        else return false
        return true
      },
      pick([id = ""]) {
        const [kind, what] = id.split(" ")
        if (kind === "room") going.open(what as Id)
        else if (kind === "in") answer(shell, going, what as Id, page)
        else shell.open(page)
      },
    },
    true,
  )
  return page
}

function answer(shell: Shell, going: Going, id: Id, back: Page): void {
  const { words } = shell
  const request = shell.live.view("contacts", undefined)?.incoming.find((one) => one.id === id)
  if (!request) return
  const { name } = request.from
  shell.open(back)
  shell.open(
    askPage(
      shell,
      words.friendRequests,
      [words.answerRequest(name), request.line],
      [
        {
          label: words.accept,
          run: () =>
            shell.run(async () => {
              const done = await shell.ask("acceptRequest", { id })
              if (!done) return
              shell.close(back)
              shell.say(words.nowFriends(name))
              going.open(done.room)
            }),
        },
        {
          label: words.decline,
          run: () => shell.run(async () => void (await shell.ask("declineRequest", { id }))),
        },
      ],
    ),
  )
}

export function addFriendPage(shell: Shell, name: string): Page {
  const { words } = shell
  return formPage(shell, {
    title: words.addFriend,
    fields: [
      { label: words.username, value: name },
      { label: words.line, optional: true },
    ],
    async submit([username = "", line = ""]) {
      await addFriend(shell, username, line)
      return undefined
    },
  })
}

export async function addFriend(shell: Shell, username: string, line: string): Promise<void> {
  const name = username.trim()
  const done = await shell.ask("requestFriend", { username: name, line })
  if (done) shell.say(done.accepted ? shell.words.nowFriends(name) : shell.words.requestSent(name))
}

/** Name first, then who; what is known already is not asked for. */
export function newGroup(shell: Shell, going: Going, name: string): void {
  const { words } = shell
  const who = (called: string) =>
    shell.open(
      friendPicker(shell, words.groupWith, (members) =>
        shell.run(async () => {
          const made = await shell.ask("createGroup", { name: called, members })
          if (!made) return
          shell.say(words.groupMade(called))
          going.open(made.room)
        }),
      ),
    )
  if (name !== "") who(name)
  else
    shell.open(
      formPage(shell, {
        title: words.newGroup,
        fields: [{ label: words.groupName }],
        async submit([called = ""]) {
          setImmediate(() => who(called.trim()))
          return undefined
        },
      }),
    )
}

export const friendPicker = (shell: Shell, title: string, done: (users: readonly Id[]) => void): Page =>
  pickPage(shell, {
    title,
    many: true,
    rows(query) {
      const word = query.trim().toLowerCase()
      const friends = shell.live.view("contacts", undefined)?.friends ?? []
      return {
        rows: friends
          .filter(({ name, username }) => `${name} ${username}`.toLowerCase().includes(word))
          .map(({ user, name, username }) => ({ id: user, label: name, detail: username })),
        note: shell.words.noFriends,
      }
    },
    pick: (ids) => done(ids as readonly Id[]),
  })
