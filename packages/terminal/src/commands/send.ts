/** `teahouse send`: a text or a file. It ends when the house has stored it, and says its id and position. */
import type { Friend } from "@teahouse/client/view/port/contacts.ts"
import type { FileToSend } from "@teahouse/client/view/port/files.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { EXIT } from "../say/exit.ts"
import { exitOf, sentenceOf } from "../say/sentences.ts"
import { type Here, PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { chatsNamed, namedChats, nobody, several } from "./find.ts"
import { readFlags } from "./flags.ts"
import type { Output } from "./output.ts"
import { Stop, usage } from "./stop.ts"

/** How long a name that is not known is waited for: with the house, and from the disk alone. */
const [SOON_MS, LOCAL_MS] = [5_000, 1_000]

export const send: Command = async ({ args, dataHome, output }) => {
  const flags = readFlags(args, { profile: "string", to: "string", file: "string", timeout: "string" })
  const [text, ...more] = flags.rest
  const path = flags.text("file")
  if (more.length > 0 || ((text ?? "").trim() === "" && path === undefined))
    throw usage(
      "用法：teahouse send --profile 配置 --to 名字 “文字”，或 --file 路径 [“说明”]",
      'Use: teahouse send --profile P --to NAME "text", or --file PATH ["caption"]',
    )
  const to = flags.need("to")
  const file = path === undefined ? undefined : await readable(path, output)
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  await withProfile({ dataHome, profile: flags.need("profile"), patienceMs }, async (here) => {
    const { until, must, signedIn, keepSafe } = here
    await signedIn()
    // Without a connection too: what is said waits in the outbox.
    const there = await until("connection", undefined, ({ state }) => state === "connected", patienceMs)
    if (there) await here.caughtUp()
    const room = await chatOf(here, to, there !== undefined)
    const keys = file
      ? (await must("sendFiles", { room, files: [{ ...file, ...(text ? { caption: text } : {}) }] })).keys
      : [(await must("send", { room, text: text as string })).key]
    for (const key of keys) {
      const item = await stored(here, room, key, patienceMs)
      await output.line({ id: key, position: item.seq, chat: room })
    }
    await keepSafe()
  })
}

/** A picture loses what its camera wrote beside it. */
export async function readable(path: string, output?: Output): Promise<FileToSend> {
  try {
    const { fileToSend } = await import("../chat/picture/prepare.ts")
    const { file, uncleaned } = await fileToSend(path)
    if (uncleaned)
      output?.say({
        zh: `${path} 中相机写入的信息（例如拍摄地点）未能去除，已按原样发送。`,
        en: `What the camera wrote into ${path}, like the place, could not be taken out: it goes as it is.`,
      })
    return file
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException
    throw new Stop(EXIT.file, {
      zh: `无法读取文件 ${path}（${code}）。`,
      en: `The file ${path} cannot be read (${code}).`,
    })
  }
}

/** A friend who has just accepted, or a group one was just added to, may take a moment to come. */
export async function chatOf({ client }: Here, name: string, online: boolean): Promise<Id> {
  let friends: readonly Friend[] = []
  let rooms: readonly RoomItem[] = []
  const look = () => chatsNamed(name, namedChats(rooms, friends))
  const stops: (() => void)[] = []
  await new Promise<void>((done) => {
    const timer = setTimeout(done, online ? SOON_MS : LOCAL_MS)
    const see = () => {
      if (look().length === 0) return
      clearTimeout(timer)
      // Two of one name come at once.
      setTimeout(done)
    }
    stops.push(
      client.subscribe("contacts", undefined, (value) => {
        friends = value.friends
        see()
      }),
      client.subscribe("roomList", undefined, (value) => {
        rooms = value.rooms
        see()
      }),
    )
  })
  for (const stop of stops) stop()
  const found = look()
  if (found.length > 1) throw several(name, found)
  if (!found[0]) throw nobody(name)
  return found[0].room
}

export async function stored(
  { until }: Here,
  room: Id,
  key: string,
  patienceMs: number,
): Promise<MessageItem> {
  const mine = ({ items }: ViewValue<"timeline">) =>
    items.find((item): item is MessageItem => item.type === "message" && item.key === key)
  const isOver = (value: ViewValue<"timeline">) => {
    const item = mine(value)
    return item?.seq !== undefined || item?.delivery === "refused"
  }
  const window = await until("timeline", { room, around: "end", limit: 100 }, isOver, patienceMs)
  const item = window && mine(window)
  if (!item)
    throw new Stop(EXIT.waiting, {
      zh: "服务器还没有收下，消息留在待发箱，下次执行任何命令时会自动发送。",
      en: "The house has not stored it yet. It stays in the outbox and goes with the next command.",
    })
  if (item.seq !== undefined) return item
  const kind = item.error?.kind ?? "internal"
  throw new Stop(exitOf(kind), sentenceOf(kind))
}
