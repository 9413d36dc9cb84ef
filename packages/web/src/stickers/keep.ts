/** 添加到表情: from a picture in a chat, whoever sent it, or from a sticker as it is. */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { At } from "../screens/files/previews.ts"
import { MAX_FILE, makeSticker } from "./make.ts"

export type Kept =
  | { readonly ok: true; readonly added: boolean }
  | { readonly ok: false; readonly error: CommandError }

export async function keepSticker(port: ClientPort, from: Blob | Uint8Array | At): Promise<Kept> {
  const picture = from instanceof Blob ? await makeSticker(from).catch(() => undefined) : from
  if (!picture) return { ok: false, error: { kind: "bad_picture" } }
  const answer = await port.command("addSticker", { from: picture })
  return answer.ok ? { ok: true, added: answer.value.added } : answer
}

export async function keepFrom(port: ClientPort, at: At, { body }: MessageItem): Promise<Kept> {
  if (body.kind === "sticker") return keepSticker(port, at)
  const whole = body.kind === "file" && body.file.size <= MAX_FILE ? await wholeOf(port, at) : undefined
  const made = whole && (await makeSticker(whole).catch(() => undefined))
  if (made) return keepSticker(port, made)
  // Offline, or too large: the small picture inside the message is larger than a sticker.
  const small = await port.command("filePreview", at)
  if (!small.ok) return small
  if (!small.value.thumb) return { ok: false, error: { kind: "bad_picture" } }
  return keepSticker(port, new Blob([new Uint8Array(small.value.thumb)]))
}

async function wholeOf(port: ClientPort, at: At): Promise<Blob | undefined> {
  // Nobody else answers for files.
  if (!navigator.serviceWorker?.controller) return undefined
  const opened = await port.command("openFile", at)
  if (!opened.ok) return undefined
  const { url, inline } = opened.value
  try {
    const answer = inline ? await fetch(url) : undefined
    return answer?.ok ? await answer.blob() : undefined
  } catch {
    return undefined
  } finally {
    void port.command("closeFile", { url })
  }
}
