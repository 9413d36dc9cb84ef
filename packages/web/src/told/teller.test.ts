import type { NewsItem } from "@teahouse/client/view/port/told.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { afterEach, expect, it, vi } from "vitest"
import { startTeller } from "./teller.ts"

const { locks } = navigator as unknown as { locks: LockManager }
const room = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const SLOT = 9
const undo: (() => void)[] = []
afterEach(() => {
  for (const run of undo.splice(0)) run()
  vi.unstubAllGlobals()
})

/** A tab without a page: what it is shown is in the test's hand, and whether it rings. */
function tab() {
  vi.stubGlobal("localStorage", { getItem: () => null, setItem() {} })
  let tell: (value: { items: readonly Partial<NewsItem>[] }) => void = () => {}
  const rings = vi.fn(() => true)
  const first: Record<string, unknown> = {
    settings: { told: { quiet: "off", quietFrom: 0, quietTo: 0, hideContent: false } },
    roomList: { rooms: [] },
    news: { items: [] },
  }
  const port = {
    subscribe(view: string, _args: unknown, listener: (value: unknown) => void) {
      if (view === "news") tell = listener as typeof tell
      queueMicrotask(() => listener(first[view]))
      return () => {}
    },
    command: async () => ({ ok: true, value: null }),
  } as unknown as ClientPort
  const ringer = { ring: rings, unlock: async () => true } as never
  const wording = () => ({ title: () => "", body: () => "", many: () => "", appName: "" })
  const close = startTeller({ port, slot: SLOT, locks, ringer, wording, onRefused() {} })
  undo.push(close)
  const news = (seq: number) => tell({ items: [{ room, kind: "direct", seq, at: seq, mentionsMe: false }] })
  return { news, rings, close }
}
const settled = () => new Promise((done) => setTimeout(done, 50))

it("what comes while one tab has gone and the next does not lead yet is told by the next", async () => {
  const first = tab()
  await settled()
  const second = tab()
  await settled()
  // The first is frozen: it hears nothing any more, and holds its lock a little longer.
  second.news(1)
  await settled()
  expect(second.rings).not.toHaveBeenCalled()
  first.close()
  await vi.waitFor(() => expect(second.rings).toHaveBeenCalledTimes(1), 20_000)
})
