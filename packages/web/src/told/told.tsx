/** Being told, as far as it belongs to the page: who looks here, the number in title and badges, and two small offers. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useRef, useState, useSyncExternalStore } from "react"
import { useHouse, useView } from "../port/use-view.ts"
import { parseRoute } from "../route/route.ts"
import { useNavigation } from "../route/use-route.ts"
import type { OpenMessage } from "../sw-told.ts"
import { useText } from "../text/use-text.ts"
import { IconButton, inLine } from "../ui/button.tsx"
import { CloseIcon } from "../ui/icons.tsx"
import { useSlow } from "../ui/use-slow.ts"
import { BADGE_EVERY_MS, countUnread, showBadge } from "./badge.ts"
import { readHere, setHere, subscribeHere } from "./here.ts"
import { createEyes } from "./leader.ts"
import { permission } from "./notifications.ts"
import { createRinger, type Ringer } from "./ringer.ts"
import { startTeller } from "./teller.ts"
import { useWording } from "./wording.ts"

/** One for the page's life: a browser allows few, and it stays unlocked. */
let ringer: Ringer | undefined
export const pageRinger = (): Ringer => {
  ringer ??= createRinger(window)
  return ringer
}

export function useHere() {
  const { slot } = useHouse()
  return useSyncExternalStore(subscribeHere, () => readHere(slot))
}

export function Told({ room }: { readonly room: Id | undefined }) {
  const { port, slot } = useHouse()
  const [refused, setRefused] = useState(false)
  const wording = useRef(useWording())
  wording.current = useWording()

  useEffect(
    () =>
      startTeller({
        port,
        slot,
        locks: navigator.locks,
        ringer: pageRinger(),
        wording: () => wording.current,
        onRefused: () => setRefused(true),
      }),
    [port, slot],
  )
  useEyes(slot, room)
  useClicks()
  useBadges()
  return refused ? <SoundOffer onDone={() => setRefused(false)} /> : <Hint />
}

/** While the page has the focus, others know which chat is before a person's eyes. */
function useEyes(slot: number, room: Id | undefined): void {
  useEffect(() => {
    const look = createEyes(navigator.locks, slot)
    const note = () =>
      look(document.visibilityState === "visible" && document.hasFocus() ? (room ?? "page") : undefined)
    note()
    addEventListener("focus", note)
    addEventListener("blur", note)
    document.addEventListener("visibilitychange", note)
    return () => {
      removeEventListener("focus", note)
      removeEventListener("blur", note)
      document.removeEventListener("visibilitychange", note)
      look(undefined)
    }
  }, [slot, room])
}

function useClicks(): void {
  const { go } = useNavigation()
  useEffect(() => {
    const container = navigator.serviceWorker
    if (!container) return
    const hear = ({ data }: MessageEvent) => {
      const message = data as Partial<OpenMessage> | null
      if (message?.t === "open" && typeof message.path === "string") go(parseRoute(message.path))
    }
    container.addEventListener("message", hear)
    container.startMessages()
    return () => container.removeEventListener("message", hear)
  }, [go])
}

function useBadges(): void {
  const rooms = useView("roomList", undefined)?.rooms
  const unread = useSlow(rooms ? countUnread(rooms) : 0, BADGE_EVERY_MS)
  useEffect(() => void showBadge(unread), [unread])
  useEffect(() => () => void showBadge(0), [])
}

const bar = "flex flex-wrap items-center justify-center gap-x-2 bg-wash px-4 py-0.5 text-sm"

function SoundOffer({ onDone }: { readonly onDone: () => void }) {
  const text = useText()
  const here = useHere()
  const enable = async () => {
    if (await pageRinger().unlock()) pageRinger().ring(here.volume)
    onDone()
  }
  // Any gesture on the page unlocks it too.
  useEffect(() => {
    const gone = () => setTimeout(onDone, 600)
    addEventListener("keydown", gone, { once: true })
    return () => removeEventListener("keydown", gone)
  }, [onDone])
  return (
    <div role="status" className={bar}>
      <button type="button" className={inLine} onClick={() => void enable()}>
        {text.enableSound}
      </button>
    </div>
  )
}

/** Asked by a button and never by itself (UX 24); dismissed, it stays away. */
function Hint() {
  const text = useText()
  const { slot } = useHouse()
  const here = useHere()
  const rooms = useView("roomList", undefined)?.rooms
  const connection = useView("connection", undefined)
  const [asked, setAsked] = useState(false)
  if (asked || here.hinted || permission() !== "default") return null
  // It can wait: the place is the banner's.
  if (connection?.state !== "connected") return null
  if (!rooms?.some((room) => room.kind !== "self")) return null
  const done = () => {
    setAsked(true)
    setHere(slot, { hinted: true })
  }
  return (
    <div role="status" className="@container bg-wash text-sm">
      {/* What it is good for is read aloud in any case; where it would not fit on the line it may not push the chats away. */}
      <div className="flex items-center justify-center gap-x-2 px-4 py-0.5">
        <span className="@max-2xl:sr-only">{text.notifyHint}</span>
        <button
          type="button"
          className={inLine}
          onClick={() => void Notification.requestPermission().then(done)}
        >
          {text.notifyTurnOn}
        </button>
        <IconButton name={text.notNow} className="h-8 pointer-coarse:h-11" onClick={done}>
          <CloseIcon size={16} />
        </IconButton>
      </div>
    </div>
  )
}
