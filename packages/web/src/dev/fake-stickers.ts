/** The made-up house's stickers: kept as long as the page, and sent like anything else. */
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { OwnSticker } from "@teahouse/client/view/port/stickers.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

const MAX = 200
type Own = OwnSticker & { readonly url: string }
type Args = { readonly id?: Id; readonly key?: string; readonly from?: Uint8Array | { readonly key: string } }

const idOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 16)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "") as Id

/** `post` puts a message into the chat that the command names. */
export function fakeStickers(post: (args: unknown, more: Partial<MessageItem>) => MessageItem | undefined) {
  let own: readonly Own[] = []
  const sent = new Map<string, Own>()
  const ok = (value: unknown) => ({ ok: true, value })
  const fail = (kind: string) => ({ ok: false, error: { kind } })
  const urlOf = ({ id, key = "" }: Args) => (id ? own.find((one) => one.id === id) : sent.get(key))?.url

  const add = async (from: Args["from"]) => {
    const there = from instanceof Uint8Array ? undefined : sent.get(from?.key ?? "")
    const bytes = from instanceof Uint8Array ? new Uint8Array(from) : undefined
    if (!there && !bytes) return fail("not_found")
    const id = there?.id ?? (await idOf(bytes as Uint8Array<ArrayBuffer>))
    if (own.some((one) => one.id === id)) return ok({ id, added: false })
    if (own.length >= MAX) return fail("too_many_stickers")
    if (there) own = [there, ...own]
    else {
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>])
      const { width, height } = await createImageBitmap(blob)
      own = [{ id, width, height, url: URL.createObjectURL(blob) }, ...own]
    }
    return ok({ id, added: true })
  }

  return {
    view(name: string, args: unknown): unknown {
      if (name === "stickers")
        return { stickers: own.map(({ id, width, height }) => ({ id, width, height })), max: MAX }
      const url = name === "sticker" ? urlOf(args as Args) : undefined
      return url === undefined ? {} : { url }
    },
    async run(name: string, args: Args): Promise<unknown> {
      const found = own.find(({ id }) => id === args.id)
      switch (name) {
        case "addSticker":
          return add(args.from)
        case "removeSticker":
          own = own.filter((one) => one !== found)
          return found ? ok(null) : fail("not_found")
        case "sendSticker": {
          if (!found) return fail("not_found")
          const { width, height } = found
          const body = { kind: "sticker", sticker: { width, height } } as const
          const item = post(args, { text: "[Sticker]", body })
          if (!item) return fail("not_found")
          sent.set(item.key, found)
          return ok({ key: item.key })
        }
      }
      return undefined
    },
  }
}
