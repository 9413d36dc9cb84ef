/**
 * A made-up house for looking at screens: `?fake=` in the address says what it is like – signed-out, invite, empty, files, long, changed, offline,
 * alarm, starting. Never part of the real build. It behaves, so that flows can be tried; it keeps nothing.
 */

import type { OwnDevice, Settings, SettingsChange } from "@teahouse/client/view/port/account.ts"
import type { CommandResult } from "@teahouse/client/view/port/basic.ts"
import type { MessageItem, Timeline, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { Habits } from "@teahouse/client/view/port/rooms.ts"
import type { ClientPort, ViewName, Views } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { fakeFiles } from "./fake-files.ts"
import { groupHistory, groupMembers } from "./fake-group.ts"
import { longHistory } from "./fake-long.ts"
import { type FakeChat, FakeMessages, plain, search } from "./fake-messages.ts"
import { fakeStickers } from "./fake-stickers.ts"

const id = (n: number) => `${String(n).padStart(20, "0")}AA` as Id
const me = id(1)
const person = (n: number, username: string, name = username) => ({ user: id(n), username, name })
const people = [
  person(11, "lisi", "李四"),
  person(12, "zhang.wei", "张伟"),
  person(13, "emma"),
  person(14, "单雄信"),
  person(15, "longname-with-many-letters", "一个名字特别特别长的朋友，长到放不下"),
]
const more = [person(16, "zhangwuji", "张无忌"), person(17, "chongqing", "重庆老王"), person(18, "oliver")]
const now = Date.now()
const MIN = 60_000
const DAY = 24 * 60 * MIN
const fakeDevice = (n: number, name: string): OwnDevice => ({
  ...{ device: id(n), current: false, name },
  ...{ addedAt: now - n * 9 * DAY, lastSeen: now - n * DAY },
})

const lines = [
  "今天下午三点开会，记得带上那份文件。",
  "好的，我看https://example.com/path?q=1，很好，马上下载。",
  "Sounds good! See you **there**, by the *usual* gate.",
  "哈哈哈",
  "🍵",
  "茶馆新到了一批龙井，周末一起去尝尝？\n> 上次你说想喝绿茶\n我订了靠窗的位子。",
  '```ts\nconst tea = await brew({ leaf: "longjing", degrees: 80 })\n```',
  "The quick brown fox jumps over the lazy dog. It was a long afternoon in the tea house and nobody wanted to leave, so we ordered another pot and talked about everything and nothing.",
  "用 `npm start` 就可以了，~~不用装数据库~~",
  "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrikantengehilfe",
]

type Chat = FakeChat & {
  readonly peer: (typeof people)[number]
  /** A group's name; a chat of two has none. */
  readonly group?: string
  unread: number
  mentioned?: boolean
  closed?: "pending" | "frozen" | "joining"
  habits?: Habits
}
/** What a person notes of the made-up friends. */
const tagsOf = (user: Id) => (user === id(11) ? ["茶友"] : user === id(12) ? ["茶友", "同事"] : [])
const habits: Habits = { pinned: false, level: "all", markedUnread: false, hidden: false, kept: true }

const safetyNumber = (by: number) => ({
  number: Array.from({ length: 12 }, (_, n) => String((n + 1) * by * 7_919 + 12_345).slice(-5)).join(" "),
  code: `teahouse-safety/1/${"A7_x".repeat(32)}`,
})

function history(peer: (typeof people)[number], count: number, ended: number): TimelineItem[] {
  const items: TimelineItem[] = [
    {
      type: "event",
      key: `e${peer.user}`,
      seq: 1,
      at: ended - count * 7 * MIN,
      event: { kind: "friends", person: peer },
    },
  ]
  for (let n = 2; n <= count; n++) {
    const mine = (n * 7) % 5 < 2
    items.push({
      ...plain,
      key: `${peer.user}:${n}`,
      seq: n,
      at: ended - (count - n) * (n % 4 === 0 ? 6 : 1) * MIN - (count - n) * MIN * 3,
      from: mine ? { user: me, username: "chaguan", name: "茶馆主人" } : peer,
      mine,
      text: lines[n % lines.length] ?? "",
      ...(mine && { delivery: "sent" as const }),
    })
  }
  return items.sort((a, b) => a.at - b.at)
}

export function fakePort(kind: string): ClientPort {
  let signedIn = !["signed-out", "invite"].includes(kind)
  let pendingName = "chaguan"
  let code: string | undefined
  let settings: Settings = {
    language: "auto",
    theme: "system",
    enterSends: true,
    nickname: "茶馆主人",
    status: "",
    textSize: 100,
    told: { quiet: "off", quietFrom: 1320, quietTo: 480, hideContent: false },
    readReceipts: true,
    showTyping: true,
  }
  let connected = kind !== "offline"
  let alarms = kind === "alarm" ? [{ id: "a", kind: "rolled_back" as const, at: now }] : []
  const self = () => person(1, "chaguan", settings.nickname)
  const pair = (peer: (typeof people)[number]) => groupMembers(self(), [peer])
  const chats: Chat[] =
    kind === "empty"
      ? []
      : people.map((peer, index) => ({
          room: id(101 + index),
          peer,
          members: pair(peer),
          unread: [3, 0, 120, 0, 0][index] ?? 0,
          draft: index === 1 ? "我想说的是" : "",
          items: history(
            peer,
            [400, 30, 300, 4, 1][index] ?? 5,
            now - index * index * 9 * 60 * MIN - 2 * MIN,
          ),
          ...(index === 3 && { closed: "frozen" as const }),
          ...(index === 4 && { closed: "pending" as const }),
        }))
  const [first] = chats
  if (kind === "long" && first) first.items = longHistory(self(), first.peer, lines, now - 2 * MIN)
  if (kind !== "empty")
    chats.push({
      room: id(106),
      peer: self(),
      group: "周末茶会",
      members: groupMembers(self(), [...people, ...more]),
      unread: 0,
      draft: "",
      mentioned: kind === "full",
      typing: people.slice(0, 2),
      items: groupHistory(self(), people, now - 7_000 * MIN),
    })
  let incoming =
    kind === "empty"
      ? []
      : [
          {
            id: id(301),
            from: person(21, "wangwu", "王五"),
            line: "你好，我是王五，上周在茶会上见过。",
            at: now,
          },
          { id: id(302), from: person(22, "olivia"), line: "", at: now },
        ]
  const messages = new FakeMessages(self, () => chats)
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  /** The first friend has another key than before. */
  let changed = kind === "changed"
  const verified = new Set([id(12)])
  const isVerified = (user: Id) => verified.has(user)
  const unreadFrom = new Map<string, number | undefined>()

  const files = fakeFiles({
    chats: () => chats,
    tell,
    connected: () => connected,
    line: (mine, chat) => ({
      ...plain,
      at: Date.now(),
      mine,
      from: mine
        ? { user: me, username: "chaguan", name: settings.nickname }
        : (chats.find((one) => one.room === chat.room)?.peer ?? person(19, "somebody")),
      ...(mine && { delivery: "sent" as const }),
    }),
  })

  const stickers = fakeStickers((args, more) => {
    const chat = chats.find(({ room }) => room === (args as { room: Id }).room)
    return chat && messages.post(chat, more)
  })

  if (kind === "files") void files.seed()

  function windowOf(
    chat: Chat,
    around: "end" | "unread" | number,
    limit: number,
    unreadFrom: number | undefined,
  ): Timeline {
    const { items } = chat
    let end = items.length
    if (typeof around === "number")
      end = Math.min(items.length, items.findIndex((i) => (i.seq ?? 1e9) >= around) + limit / 2)
    if (around === "unread" && unreadFrom !== undefined)
      end = Math.min(items.length, items.findIndex((i) => (i.seq ?? 1e9) >= unreadFrom) + limit / 2)
    const from = Math.max(0, end - limit)
    const part = items.slice(from, Math.max(end, Math.min(limit, items.length)))
    const seqs = part.map((i) => i.seq ?? 0).filter((s) => s > 0)
    return {
      room: chat.room,
      items: part.map((item) => messages.shown(item)),
      first: seqs[0] ?? 0,
      last: seqs.at(-1) ?? 0,
      atStart: from === 0,
      atEnd: part.at(-1) === items.at(-1),
      ...(unreadFrom !== undefined && { unreadFrom }),
      unread: chat.unread,
    }
  }

  function view(name: ViewName, args: unknown, sub: string): unknown {
    switch (name) {
      case "session":
        if (kind === "starting") return { state: "starting" }
        if (code !== undefined) return { state: "unconfirmed", username: pendingName, recoveryCode: code }
        return signedIn
          ? {
              state: "signed_in",
              user: me,
              username: pendingName,
              nickname: settings.nickname,
              device: id(2),
            }
          : { state: "signed_out", registration: kind === "invite" ? "invite" : "open" }
      case "connection":
        return {
          state: connected ? "connected" : "offline",
          ...(!connected && { since: now - 9_000, retryAt: now + 600_000 }),
          waiting: connected ? 0 : 2,
          alarms,
        }
      case "roomList":
        return {
          rooms: chats
            .map((chat) => {
              const last = chat.items.findLast((i) => i.type === "message")
              return {
                room: chat.room,
                kind: chat.group ? ("group" as const) : ("direct" as const),
                title: chat.group ?? chat.peer.name,
                ...(!chat.group && { peer: chat.peer.user }),
                ...(chat.mentioned && { mentioned: true }),
                habits: chat.habits ?? habits,
                unread: chat.unread,
                draft: chat.draft,
                ...(files.waiting(chat.room) > 0 && { draftFiles: files.waiting(chat.room) }),
                at: chat.items.at(-1)?.at ?? now,
                ...(last?.type === "message" && {
                  last: {
                    text: last.text,
                    mine: last.mine,
                    ...(chat.group && !last.mine && { from: last.from.name }),
                    at: last.at,
                    ...(last.delivery && { delivery: last.delivery }),
                  },
                }),
              }
            })
            .sort((a, b) => b.at - a.at),
        }
      case "room": {
        const chat = chats.find((c) => c.room === (args as { room: Id }).room)
        if (!chat) return { state: "absent" }
        return {
          state: "here",
          room: chat.room,
          kind: chat.group ? "group" : "direct",
          title: chat.group ?? chat.peer.name,
          ...(!chat.group && { peer: chat.peer }),
          ...(isVerified(chat.peer.user) && !chat.group && { verified: true }),
          ...(changed && chat === first && { changed: true }),
          members: chat.members,
          role: chat.group ? "owner" : "member",
          announcement: "",
          mayInvite: true,
          habits: chat.habits ?? habits,
          timer: 0,
          pastDays: 0,
          writable: !chat.closed,
          ...(chat.closed && { closed: chat.closed }),
        }
      }
      case "timeline": {
        const { room, around, limit } = args as Views["timeline"]["args"]
        const chat = chats.find((c) => c.room === room)
        if (!chat) return { room, items: [], first: 0, last: 0, atStart: true, atEnd: true, unread: 0 }
        if (!unreadFrom.has(sub))
          unreadFrom.set(sub, chat.unread > 0 ? (chat.items.at(-chat.unread)?.seq ?? 1) : undefined)
        return windowOf(chat, around, limit, unreadFrom.get(sub))
      }
      case "contacts":
        return {
          friends: chats
            .filter((c) => !c.group)
            .map((c) => ({ ...c.peer, room: c.room, remark: "", nickname: "", tags: tagsOf(c.peer.user) })),
          tags: ["同事", "茶友"],
          blocked: kind === "empty" ? [] : [person(24, "spam", "推销员")],
          incoming,
          outgoing: kind === "empty" ? [] : [{ id: id(303), to: person(23, "赵六"), at: now }],
        }
      case "person": {
        const chat = chats.find((c) => c.peer.user === (args as { user: Id }).user && !c.group)
        return chat
          ? {
              state: "here",
              ...chat.peer,
              remark: "",
              nickname: chat.peer.name,
              status: "喝茶中，稍后回复",
              tags: tagsOf(chat.peer.user),
              relation: chat.closed ? "stranger" : "friend",
              blocked: false,
              verified: isVerified(chat.peer.user),
              room: chat.room,
              groups: chats.filter((c) => c.group).map((c) => ({ room: c.room, title: c.group ?? "" })),
            }
          : { state: "absent" }
      }
      case "safety": {
        const { user } = args as { user: Id }
        if (user === me) return { state: "absent" }
        return {
          state: "here",
          ...safetyNumber(changed ? 3 : 7),
          ...((isVerified(user) || changed) && { verifiedAt: now - 400 * MIN }),
          ...(changed && user === first?.peer.user && { changed: safetyNumber(7) }),
        }
      }
      case "picture":
        return {}
      case "settings":
        return settings
      case "draftFiles":
      case "transfers":
      case "quota":
      case "storage":
      case "media":
        return files.view(name, args)
      case "stickers":
      case "sticker":
        return stickers.view(name, args)
      case "search":
        return search(chats, args as Views["search"]["args"])
      case "news":
        return { items: [] }
      case "safekeeping":
        return { unsafe: 0, used: 12_600_000, quota: 1024 ** 3 }
      case "devices":
        return {
          devices: [
            { ...fakeDevice(2, "Chrome · Windows"), current: true, lastSeen: null },
            fakeDevice(3, "Kitchen tablet with quite a long name of its own"),
            { ...fakeDevice(4, ""), lastSeen: 0 },
            fakeDevice(5, "Firefox · Linux"),
          ],
        }
      default:
        return messages.view(name, args as { room: Id })
    }
  }

  const ok = (value: unknown) => ({ ok: true, value })
  const fail = (error: string) => ({ ok: false, error: { kind: error } })
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  async function run(name: string, args: Record<string, never>): Promise<unknown> {
    const a = args as {
      username?: string
      password?: string
      room?: Id
      text?: string
      id?: Id
      key?: string
      seq?: number
      user?: Id
      forget?: boolean
      mentions?: unknown
      on?: boolean
      reply?: number
      code?: string
      current?: string
    }
    const chat = chats.find((c) => c.room === a.room)
    switch (name) {
      case "createAccount":
        await wait(600)
        if (a.username === "taken") return fail("username_taken")
        pendingName = a.username ?? ""
        code = "K7QM-2F9D-XW4T-8HJC-P3VN-6RBY"
        return ok({ recoveryCode: code })
      case "signIn":
        await wait(600)
        if (a.password === "wrong") return fail("wrong_credentials")
        pendingName = a.username ?? ""
        signedIn = true
        return ok(null)
      case "confirmRecoveryCode":
        code = undefined
        signedIn = true
        return ok(null)
      case "signOut":
        signedIn = false
        return ok(null)
      case "requestFriend":
        await wait(300)
        return a.username === "nobody" ? fail("unknown_user") : ok({ accepted: false })
      case "acceptRequest": {
        const request = incoming.find((r) => r.id === a.id)
        incoming = incoming.filter((r) => r.id !== a.id)
        if (request)
          chats.push({
            room: id(400 + chats.length),
            peer: request.from,
            members: pair(request.from),
            items: history(request.from, 1, Date.now()),
            unread: 0,
            draft: "",
          })
        return ok({ room: id(101) })
      }
      case "setVerified":
        if (a.on) verified.add(a.user as Id)
        else verified.delete(a.user as Id)
        return ok(null)
      case "checkSafetyCode":
        return fail("safety_differs")
      case "acceptIdentity":
        changed = false
        return ok(null)
      case "declineRequest":
        incoming = incoming.filter((r) => r.id !== a.id)
        return ok(null)
      case "removeFriend": {
        const c = chats.find((each) => each.peer.user === a.user)
        if (c) c.closed = "frozen"
        return ok(null)
      }
      case "send": {
        if (!chat) return fail("not_found")
        if ((a.text ?? "").length > 65_536) return fail("text_too_long")
        const key = `mine:${Math.random()}`
        const item = {
          ...plain,
          key,
          at: Date.now(),
          from: { user: me, username: "chaguan", name: settings.nickname },
          mine: true,
          text: a.text ?? "",
          mentions: (a.mentions ?? []) as MessageItem["mentions"],
          ...(a.reply !== undefined && { reply: messages.quote(chat, a.reply) }),
          ...(chat.group && { readBy: { read: 0, of: chat.members.length - 1 } }),
          delivery: "waiting" as const,
        }
        chat.items = [...chat.items, item]
        if (connected)
          setTimeout(() => {
            const refused = a.text === "refuse"
            const seq = Math.max(...chat.items.map((i) => i.seq ?? 0)) + 1
            chat.items = chat.items.map((i) =>
              i.key !== key
                ? i
                : refused
                  ? { ...item, delivery: "refused" as const, error: { kind: "room_frozen" as const } }
                  : { ...item, seq, delivery: "sent" as const },
            )
            tell()
            if (a.text === "echo")
              setTimeout(() => {
                for (let n = 1; n <= 3; n++)
                  chat.items = [
                    ...chat.items,
                    {
                      ...plain,
                      key: `r${Math.random()}`,
                      seq: seq + n,
                      at: Date.now(),
                      from: chat.peer,
                      mine: false,
                      text: `回声 ${n}`,
                    },
                  ]
                chat.unread += 3
                tell()
              }, 400)
          }, 300)
        return ok({ key })
      }
      case "discard":
        if (chat) chat.items = chat.items.filter((i) => i.key !== a.key)
        return ok(null)
      case "markRead": {
        if (chat)
          chat.unread = chat.items.filter(
            (i) => i.type === "message" && !i.mine && (i.seq ?? 0) > (a.seq ?? 0),
          ).length
        return ok(null)
      }
      case "setHabits":
        if (chat) {
          const { room: _, ...news } = args as unknown as { room: Id } & Partial<Habits>
          chat.habits = { ...habits, ...chat.habits, ...news }
        }
        return ok(null)
      case "changePassword":
        await wait(600)
        return a.current === "wrong" ? fail("wrong_credentials") : ok(null)
      case "recover":
        await wait(600)
        if (a.code === "wrong") return fail("wrong_recovery_code")
        pendingName = a.username ?? ""
        code = "3V6K-Q0TB-9HXW-M2E7-ZR4D-8CPN-5JYG"
        return ok({ recoveryCode: code })
      case "deleteAccount":
        return fail("wrong_credentials")
      case "beginExport":
        if (!("password" in args)) return fail("password_needed")
        return fail(connected ? "wrong_credentials" : "offline")
      case "setSettings": {
        const change = args as unknown as SettingsChange
        settings = { ...settings, ...change, told: { ...settings.told, ...change.told } }
        return ok(null)
      }
      case "reconnect":
        connected = true
        return ok(null)
      case "ownBots":
        return ok({ bots: [{ user: "B".repeat(20).concat("AA"), username: "echo", since: Date.now() }] })
      case "makeBotToken":
        return ok({ token: "A".repeat(107), expires: Date.now() + 7 * 86_400_000 })
      case "dismissAlarm":
        alarms = []
        return ok(null)
      // Nobody in the made-up house is an administrator.
      case "administer":
        return ok({ admin: false })
      default:
        return (
          messages.run(name, args) ??
          (await files.run(name, args)) ??
          (await stickers.run(name, args)) ??
          ok(null)
        )
    }
  }

  let count = 0
  const port = {
    subscribe(name: ViewName, args: unknown, listener: (value: unknown) => void) {
      count += 1
      const sub = `${count}`
      let live = true
      const emit = () => {
        if (live) listener(structuredClone(view(name, args, sub)))
      }
      listeners.add(emit)
      setTimeout(emit, 5)
      return () => {
        live = false
        listeners.delete(emit)
      }
    },
    async command(name: string, args: Record<string, never>): Promise<CommandResult<never>> {
      await wait(5)
      const result = (await run(name, args)) as CommandResult<never>
      tell()
      // As the worker that comes after one that died: it tells what is stored.
      if (!result.ok && result.error.kind === "busy") setTimeout(tell, 20)
      return result
    },
  }
  return port as unknown as ClientPort
}
