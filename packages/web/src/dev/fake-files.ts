/** The made-up house's files: pictures drawn on the spot, uploads that creep, a quota small enough to meet. */

import type {
  FileToKeep,
  FileToSend,
  KeptDraft,
  MediaToSend,
  ShownFile,
  Transfer,
} from "@teahouse/client/view/port/files.ts"
import { draftLimits } from "@teahouse/client/view/port/files.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { CommandArgs, Views } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

const MB = 1024 * 1024
const STEP_MS = 150

type Chat = { readonly room: Id; items: TimelineItem[] }
type World = {
  readonly chats: () => readonly (Chat & { readonly peer: { readonly name: string } })[]
  readonly tell: () => void
  readonly connected: () => boolean
  /** Who writes, and everything that a line has besides its body. */
  readonly line: (mine: boolean, chat: Chat) => Omit<MessageItem, "key" | "body" | "text">
}

const shown = (file: FileToSend): ShownFile => {
  const { thumb, ...media } = file.media ?? {}
  return {
    name: file.name,
    type: file.type,
    size: file.source.size,
    ...(file.caption !== undefined && { caption: file.caption }),
    ...(file.media && { media: { ...(media as MediaToSend), thumb: thumb !== undefined } }),
  }
}

async function drawn(width: number, height: number, hue: number, words: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext("2d")
  if (!context) throw new Error("no canvas")
  const sky = context.createLinearGradient(0, 0, width, height)
  sky.addColorStop(0, `hsl(${hue} 45% 72%)`)
  sky.addColorStop(1, `hsl(${hue + 70} 40% 34%)`)
  context.fillStyle = sky
  context.fillRect(0, 0, width, height)
  context.fillStyle = "#fffdf6"
  context.font = `${Math.round(height / 6)}px serif`
  context.fillText(words, width * 0.08, height * 0.55)
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })
}

const wave = Uint8Array.from({ length: 64 }, (_, i) => Math.abs(Math.sin(i / 3) * Math.cos(i / 7)) * 255)
const text = (name: string, words: string, type = "text/plain"): FileToSend => ({
  source: new Blob([words]),
  name,
  type,
})

export function fakeFiles(world: World) {
  const sources = new Map<string, FileToSend>()
  const transfers = new Map<string, Transfer>()
  const paused = new Set<string>()
  const drafts = new Map<string, Omit<KeptDraft, "files"> & { readonly files: readonly FileToKeep[] }>()
  let used = 40 * MB

  /** Into the second chat, above its last lines. */
  async function seed(): Promise<void> {
    const chat = world.chats()[1]
    if (!chat) return
    const picture = async (name: string, w: number, h: number, hue: number, caption?: string) => ({
      source: await drawn(w, h, hue, name.replace(/\..*/, "")),
      name,
      type: "image/jpeg",
      ...(caption && { caption }),
      media: {
        kind: "image" as const,
        width: w,
        height: h,
        thumb: new Uint8Array(
          await (
            await drawn(
              Math.round((w / Math.max(w, h)) * 320),
              Math.round((h / Math.max(w, h)) * 320),
              hue,
              name.replace(/\..*/, ""),
            )
          ).arrayBuffer(),
        ),
      },
    })
    const files: FileToSend[] = [
      await picture("龙井.jpg", 1600, 1200, 90),
      await picture("teapot with a handle.jpg", 900, 1500, 20, "上周在杭州拍的，茶山上雾很大。"),
      { ...text("语音.webm", "x", "audio/webm"), media: { kind: "voice", duration: 7_400, waveform: wave } },
      text("2025 年度茶叶采购与库存盘点报告（最终版）.xlsx", "cells"),
      text("../../x", "a path", ""),
      text(
        "drawing.svg",
        `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
        "image/svg+xml",
      ),
      {
        ...text("茶山.mp4", "film", "video/mp4"),
        media: { kind: "video", width: 1920, height: 1080, duration: 83_000 },
      },
      { ...text("古琴.mp3", "sound", "audio/mpeg"), media: { kind: "audio", duration: 205_000 } },
      await picture("雾.jpg", 4000, 900, 200),
    ]
    const seq = Math.max(...chat.items.map((item) => item.seq ?? 0))
    files.forEach((file, i) => {
      const key = `file:${i}`
      sources.set(key, file)
      const item = {
        ...world.line(i % 3 === 1, chat),
        key,
        seq: seq + 1 + i,
        at: Date.now() - 60_000 + i,
        text: file.name,
      }
      chat.items = [...chat.items, { ...item, body: { kind: "file", file: shown(file) } }]
    })
    world.tell()
  }

  function creep(chat: Chat, key: string): void {
    const moving = transfers.get(key)
    if (!moving) return
    if (paused.has(key) || !world.connected()) return void setTimeout(() => creep(chat, key), STEP_MS)
    const progress = moving.progress + 0.1
    if (progress < 1) {
      transfers.set(key, { ...moving, progress, state: progress < 0.2 ? "sealing" : "running" })
      setTimeout(() => creep(chat, key), STEP_MS)
    } else {
      transfers.delete(key)
      const seq = Math.max(...chat.items.map((item) => item.seq ?? 0)) + 1
      chat.items = chat.items.map((item) =>
        item.key === key && item.type === "message" ? { ...item, seq, delivery: "sent" } : item,
      )
    }
    world.tell()
  }

  function visual(args: Views["media"]["args"]): Views["media"]["value"] {
    const all = world
      .chats()
      .find((chat) => chat.room === args.room)
      ?.items.filter((item): item is MessageItem => {
        if (item.type !== "message") return false
        if (args.what === "link") return item.text.includes("https://")
        if (item.body.kind !== "file") return false
        const kind = item.body.file.media?.kind
        return args.what === "visual"
          ? kind === "image" || kind === "video"
          : kind === undefined || kind === "audio"
      })
    const items = all ?? []
    const middle = args.around === "end" ? items.length : items.findIndex((one) => one.seq === args.around)
    const from = Math.max(0, Math.min(middle - Math.floor(args.limit / 2), items.length - args.limit))
    const part = items.slice(from, from + args.limit)
    return { items: part, atStart: from === 0, atEnd: from + part.length >= items.length }
  }

  return {
    seed,
    waiting: (room: Id): number => drafts.get(room)?.files.length ?? 0,
    view(name: string, args: unknown): unknown {
      switch (name) {
        case "transfers":
          return { transfers: [...transfers.values()] }
        case "draftFiles": {
          const draft = drafts.get((args as { room: Id }).room)
          const files = draft?.files.map(({ source, ...file }) => ({ ...file, size: source.size })) ?? []
          return { caption: draft?.caption ?? "", original: draft?.original ?? false, files }
        }
        case "quota":
          return { quota: { file: 8 * MB, user: 64 * MB, used } }
        case "storage":
          return {
            used: 183 * MB,
            quota: 6_000 * MB,
            files: 91 * MB,
            filesMax: 1024 * MB,
            rooms: world
              .chats()
              .slice(0, 4)
              .map((chat, i) => ({
                room: chat.room,
                title: chat.peer.name,
                files: 40 - i * 9,
                bytes: (52 - i * 15) * MB,
              })),
          }
        case "media":
          return visual(args as Views["media"]["args"])
      }
      return undefined
    },
    async run(name: string, args: Record<string, unknown>): Promise<unknown> {
      const ok = (value: unknown) => ({ ok: true, value })
      const key = String(args.key ?? "")
      const chat = world.chats().find((one) => one.room === args.room)
      switch (name) {
        case "sendFiles": {
          if (!chat) return { ok: false, error: { kind: "not_found" } }
          const files = args.files as readonly FileToSend[]
          const keys = files.map((file) => {
            const made = `mine:${crypto.randomUUID()}`
            sources.set(made, file)
            used += file.source.size
            chat.items = [
              ...chat.items,
              {
                ...world.line(true, chat),
                key: made,
                at: Date.now(),
                text: file.caption ?? file.name,
                delivery: "waiting",
                body: { kind: "file", file: shown(file) },
              },
            ]
            transfers.set(made, {
              room: chat.room,
              key: made,
              name: file.name,
              size: file.source.size,
              progress: 0,
              state: "sealing",
            })
            setTimeout(() => creep(chat, made), STEP_MS)
            return made
          })
          return ok({ keys })
        }
        case "keepDraftFiles": {
          const { room, ...draft } = args as unknown as CommandArgs<"keepDraftFiles">
          drafts.set(room, draft)
          world.tell()
          return ok({ kept: draft.files.slice(0, draftLimits.files).map(({ id }) => id) })
        }
        case "dropDraftFiles":
          drafts.delete(String(args.room))
          world.tell()
          return ok(null)
        case "readDraftFile": {
          const file = drafts.get(String(args.room))?.files.find(({ id }) => id === args.id)
          if (!file) return { ok: false, error: { kind: "not_found" } }
          return ok({ bytes: new Uint8Array(await (file.source as Blob).arrayBuffer()) })
        }
        case "pauseUpload":
        case "resumeUpload": {
          const moving = transfers.get(key)
          if (name === "pauseUpload") paused.add(key)
          else paused.delete(key)
          if (moving) transfers.set(key, { ...moving, state: name === "pauseUpload" ? "paused" : "running" })
          return ok(null)
        }
        case "cancelUpload":
          transfers.delete(key)
          if (chat) chat.items = chat.items.filter((item) => item.key !== key)
          return ok(null)
        case "filePreview":
          return ok({ thumb: sources.get(key)?.media?.thumb ?? null })
        case "openFile": {
          const file = sources.get(key)
          if (!file) return { ok: false, error: { kind: "not_found" } }
          const { name: named, type, media } = file
          // As the service worker tells it: a browser adds an ending to a name that does not fit the type.
          const told = media ? type : "application/octet-stream"
          const url = URL.createObjectURL(new Blob([file.source as Blob], { type: told }))
          // As the client says of a picture that claims pixels without end.
          const inline = media !== undefined && named !== "bomb.png"
          return ok({ url, name: named, type, size: file.source.size, inline })
        }
        case "closeFile":
          URL.revokeObjectURL(String(args.url))
          return ok(null)
        case "clearFiles":
          return ok(null)
      }
      return undefined
    },
  }
}
