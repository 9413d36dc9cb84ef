/** Films and sounds are asked by the browser's own players: how long, how large, and one picture from near the beginning. */
import type { MediaToSend } from "@teahouse/client/view/port/files.ts"

const PATIENCE_MS = 10_000
/** Into the film, where it is not black any more. Seconds. */
const POSTER_AT = 0.5

const once = (target: EventTarget, good: string) =>
  new Promise<boolean>((done) => {
    const timer = setTimeout(() => done(false), PATIENCE_MS)
    const end = (ok: boolean) => () => {
      clearTimeout(timer)
      done(ok)
    }
    target.addEventListener(good, end(true), { once: true })
    target.addEventListener("error", end(false), { once: true })
  })

/** Recorders write files that do not say how long they are; a jump to the end makes the player find out. */
async function durationOf(player: HTMLMediaElement): Promise<number | undefined> {
  if (player.duration === Number.POSITIVE_INFINITY) {
    const known = once(player, "durationchange")
    player.currentTime = Number.MAX_SAFE_INTEGER
    await known
  }
  const ms = Math.round(player.duration * 1000)
  return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined
}

export type Film = { readonly media: MediaToSend; readonly poster?: Blob }

/** Undefined: this browser cannot play it, so it goes as a file. */
export async function lookAt(file: Blob, kind: "video" | "audio"): Promise<Film | undefined> {
  const url = URL.createObjectURL(file)
  const player = document.createElement(kind)
  try {
    player.muted = true
    player.preload = kind === "video" ? "auto" : "metadata"
    const ready = once(player, kind === "video" ? "loadeddata" : "loadedmetadata")
    player.src = url
    if (!(await ready)) return undefined
    const duration = await durationOf(player)
    const length = duration === undefined ? {} : { duration }
    if (!(player instanceof HTMLVideoElement)) return { media: { kind: "audio", ...length } }
    const { videoWidth: width, videoHeight: height } = player
    if (width === 0 || height === 0) return { media: { kind: "audio", ...length } }
    const poster = await posterOf(player, duration ?? 0)
    return { media: { kind: "video", width, height, ...length }, ...(poster && { poster }) }
  } finally {
    player.removeAttribute("src")
    player.load()
    URL.revokeObjectURL(url)
  }
}

async function posterOf(player: HTMLVideoElement, durationMs: number): Promise<Blob | undefined> {
  const sought = once(player, "seeked")
  player.currentTime = Math.min(POSTER_AT, durationMs / 2000)
  if (!(await sought)) return undefined
  const scale = Math.min(1, 640 / Math.max(player.videoWidth, player.videoHeight))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(player.videoWidth * scale))
  canvas.height = Math.max(1, Math.round(player.videoHeight * scale))
  canvas.getContext("2d")?.drawImage(player, 0, 0, canvas.width, canvas.height)
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? undefined), "image/png"))
}
