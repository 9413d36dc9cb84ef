/**
 * UX 27: how many messages wait, on the tab's picture and on the application's. Muted chats are not counted; one that was
 * marked as unread counts as one.
 */
import type { RoomItem } from "@teahouse/client/view/port/rooms.ts"

export const countUnread = (rooms: readonly RoomItem[]): number =>
  rooms.reduce(
    (sum, { habits, unread }) =>
      sum + (habits.level === "none" ? 0 : Math.max(unread, habits.markedUnread ? 1 : 0)),
    0,
  )

/** Title, tab and application each cost a message to the browser, and scrolling through unread lines changes the number all the time. */
export const BADGE_EVERY_MS = 300

const SIZE = 64
let picture: Promise<HTMLImageElement> | undefined
let shown = 0
/** What stands on the tab's picture. */
let drawn = ""

const link = () => document.querySelector<HTMLLinkElement>("link[rel=icon]")

function load(src: string): Promise<HTMLImageElement> {
  const image = new Image(SIZE, SIZE)
  image.src = src
  return image.decode().then(() => image)
}

/** Draws the number over our own picture. Whoever is called last wins. */
export async function showBadge(count: number): Promise<void> {
  shown = count
  const app = navigator as Partial<Pick<Navigator, "setAppBadge" | "clearAppBadge">>
  void (count > 0 ? app.setAppBadge?.(count) : app.clearAppBadge?.())?.catch(() => {})
  const icon = link()
  if (!icon) return
  const text = count > 99 ? "99+" : String(count)
  if (text === drawn) return
  if (count === 0) {
    drawn = text
    icon.href = "/favicon.svg"
    icon.type = "image/svg+xml"
    return
  }
  picture ??= load("/favicon.svg")
  const image = await picture.catch(() => undefined)
  const canvas = document.createElement("canvas")
  canvas.width = SIZE
  canvas.height = SIZE
  const drawing = canvas.getContext("2d")
  if (!image || !drawing || shown !== count) return
  drawing.drawImage(image, 0, 0, SIZE, SIZE)
  const width = Math.max(34, 14 + 16 * text.length)
  drawing.fillStyle = "#b3261e"
  drawing.beginPath()
  drawing.roundRect(SIZE - width, SIZE - 36, width, 36, 17)
  drawing.fill()
  drawing.fillStyle = "#fff"
  drawing.font = "bold 28px system-ui, sans-serif"
  drawing.textAlign = "center"
  drawing.textBaseline = "middle"
  drawing.fillText(text, SIZE - width / 2, SIZE - 17)
  drawn = text
  icon.type = "image/png"
  icon.href = canvas.toDataURL("image/png")
}
