/** Commands that are written in the line: `/file path`. Their table is in keys.ts, with the keys. */
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import type { Id } from "@teahouse/protocol/ids.ts"
import { fileToSend } from "../picture/prepare.ts"
import { dismissShown } from "./alarm.ts"
import { searchPage, switchPage } from "./find.ts"
import { confirmPage } from "./form.ts"
import { addFriend, addFriendPage, friendPicker, friendsPage, newGroup } from "./friends.ts"
import { helpPage } from "./help.ts"
import { isSlash, type SlashName, slashTable } from "./keys.ts"
import { pollIn, stickerPage } from "./more-acts.ts"
import { pickPage } from "./pick.ts"
import type { Files } from "./saving.ts"
import type { Here, Page, Shell } from "./shell.ts"
import { trustPage } from "./trust.ts"

export type SlashParts = {
  readonly shell: Shell
  readonly files: Files
  readonly going: { open(room: Id): void; jump(room: Id, seq: number): void }
  readonly here: Here | undefined
  open(page: Page): void
}

export function runSlash(text: string, parts: SlashParts): void {
  const [, name = "", rest = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(text) ?? []
  const word = name.toLowerCase()
  if (isSlash(word)) commands[word](rest.trim(), parts)
  else parts.shell.say(parts.shell.words.unknownCommand(name), true)
}

const needs = ({ shell }: SlashParts, name: SlashName) =>
  shell.say(shell.words.needs(slashTable[name].use), true)

const commands: Record<SlashName, (rest: string, parts: SlashParts) => void> = {
  file(path, parts) {
    if (path === "" || !parts.here) return needs(parts, "file")
    const { room } = parts.here
    parts.shell.run(() => sendFile(path, room, parts))
  },
  add(rest, { shell }) {
    const [name = "", ...line] = rest.split(/\s+/)
    if (name === "") shell.open(addFriendPage(shell, ""))
    else shell.run(() => addFriend(shell, name, line.join(" ")))
  },
  accept(name, parts) {
    const { shell, going } = parts
    const { incoming = [] } = shell.live.view("contacts", undefined) ?? {}
    const request = incoming.find(({ from }) => from.username === name || from.name === name)
    if (name === "") return shell.open(friendsPage(shell, going))
    if (!request) return shell.say(shell.words.nobodyCalled(name), true)
    shell.run(async () => {
      const done = await shell.ask("acceptRequest", { id: request.id })
      if (!done) return
      shell.say(shell.words.nowFriends(request.from.name))
      going.open(done.room)
    })
  },
  group: (name, { shell, going }) => newGroup(shell, going, name),
  invite(name, parts) {
    const { shell, here } = parts
    if (here?.kind !== "group") return needs(parts, "invite")
    const invite = (users: readonly Id[]) =>
      shell.run(async () => void (await shell.ask("inviteToGroup", { room: here.room, users })))
    if (name === "") return shell.open(friendPicker(shell, shell.words.groupWith, invite))
    const friend = shell.live
      .view("contacts", undefined)
      ?.friends.find((one) => one.username === name || one.name === name)
    if (friend) invite([friend.user])
    else shell.say(shell.words.nobodyCalled(name), true)
  },
  chat(name, { shell, going }) {
    const rooms = shell.live.view("roomList", undefined)?.rooms ?? []
    const found = rooms.filter(({ title }) => title === name)
    if (found.length === 1 && found[0]) going.open(found[0].room)
    else shell.open(switchPage(shell, going, name))
  },
  search: (words, { shell, going }) => shell.open(searchPage(shell, going, undefined, words)),
  poll(text, parts) {
    const { shell, here } = parts
    const poll = pollIn(text)
    if (!poll || !here) return needs(parts, "poll")
    shell.run(async () => void (await shell.ask("sendPoll", { room: here.room, ...poll })))
  },
  sticker(_, { shell, here }) {
    if (here) shell.open(stickerPage(shell, here))
  },
  members(_, { shell, here }) {
    if (!here) return
    shell.open(
      pickPage(
        shell,
        {
          title: shell.words.members(here.members.length),
          rows: () => ({
            rows: here.members.map(({ user, name, username, role }) => ({
              ...{ id: user, label: name, detail: name === username ? "" : username },
              mark: role === "owner" ? "★" : role === "admin" ? "☆" : " ",
            })),
          }),
          pick: () => {},
        },
        true,
      ),
    )
  },
  trust(_, parts) {
    const { shell, here } = parts
    if (!here?.peer) return needs(parts, "trust")
    const { user, name } = here.peer
    shell.run(async () => {
      const safety = await firstOf(shell, user)
      if (safety?.state !== "here") return
      shell.open(trustPage(shell, user, name, safety))
      shell.redraw()
    })
  },
  mute(_, { shell, here }) {
    if (!here) return
    const level = here.habits.level === "none" ? "all" : "none"
    shell.run(async () => void (await shell.ask("setHabits", { room: here.room, level })))
  },
  pin(_, { shell, here }) {
    if (!here) return
    shell.run(
      async () => void (await shell.ask("setHabits", { room: here.room, pinned: !here.habits.pinned })),
    )
  },
  leave(_, parts) {
    const { shell, here } = parts
    if (here?.kind !== "group") return needs(parts, "leave")
    const leave = () => shell.run(async () => void (await shell.ask("leaveGroup", { room: here.room })))
    shell.open(confirmPage(shell, shell.words.leaveAsk(here.title), leave))
  },
  friends: (_, { shell, going }) => shell.open(friendsPage(shell, going)),
  dismiss: (_, { shell }) => shell.run(() => dismissShown(shell)),
  save(folder, parts) {
    const { shell, files } = parts
    if (folder === "") return shell.say(files.automatic() ? files.folder() : shell.words.downloadsOff)
    files.setFolder(folder === "off" ? undefined : fullPath(folder))
    shell.say(files.automatic() ? files.folder() : shell.words.downloadsOff)
  },
  signout(_, { shell }) {
    const out = () => shell.run(async () => void (await shell.ask("signOut", { forget: true })))
    shell.open(confirmPage(shell, shell.words.signOutAsk, out))
  },
  help: (_, { shell }) => shell.open(helpPage(shell)),
  quit: (_, { shell }) => shell.quit(),
}

const firstOf = (shell: Shell, user: Id) =>
  new Promise<ReturnType<typeof shell.live.view<"safety">>>((done) => {
    const stop = shell.port.subscribe("safety", { user }, (value) => {
      setImmediate(() => stop())
      done(value)
    })
  })

/** As a person writes it or drops it on the window: quotes, backslashes before blanks, `~`. */
export function fullPath(path: string): string {
  const bare = /^(["']).*\1$/s.test(path)
    ? path.slice(1, -1)
    : path.replace(/\\(.)/g, process.platform === "win32" ? "$&" : "$1")
  return resolve(bare === "~" || bare.startsWith("~/") ? join(homedir(), bare.slice(1)) : bare)
}

async function sendFile(path: string, room: Id, { shell }: SlashParts): Promise<void> {
  const full = fullPath(path)
  try {
    const { file, uncleaned } = await fileToSend(full)
    const sent = await shell.ask("sendFiles", { room, files: [file] })
    if (sent)
      shell.say(
        uncleaned ? shell.words.fileUncleaned(file.name) : shell.words.fileSending(file.name),
        uncleaned,
      )
  } catch (error) {
    const { code = "?" } = error as NodeJS.ErrnoException
    shell.say(shell.words.fileUnreadable(full, code), true)
  }
}
