/**
 * What passes between the page and its worker about searching, with the page's own clock. It listens beside the page and
 * changes nothing; it is put into the page before anything of the page runs.
 */
import type { Page } from "playwright-core"

export type Searched = {
  /** From the page's question: until it had the first result (absent: there is none), until that stood on the screen, until all was looked through. */
  readonly firstMs?: number
  readonly shownMs?: number
  readonly allMs: number
  readonly found: number
  readonly more: boolean
}

type Asked = {
  readonly at: number
  first?: number
  shown?: number
  all?: number
  found: number
  more: boolean
}
type Probe = { readonly asked: Asked[] }

export function listen(): void {
  const asked: Asked[] = []
  Object.assign(globalThis, { searches: { asked } satisfies Probe })
  const ports = new WeakSet<MessagePort>()
  const open = new Map<number, Asked>()
  const post = MessagePort.prototype.postMessage
  const heard = ({ data }: MessageEvent) => {
    const one = data?.t === "value" ? open.get(data.id) : undefined
    if (!one || one.all !== undefined) return
    const now = performance.now()
    const { items, done, more } = data.value
    Object.assign(one, { found: items.length, more })
    if (items.length > 0 && one.first === undefined) {
      one.first = now
      // The frame after next: the page has drawn it by then.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => Object.assign(one, { shown: performance.now() })),
      )
    }
    if (done) one.all = now
  }
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: [never]) {
    if (!ports.has(this)) {
      ports.add(this)
      this.addEventListener("message", heard)
    }
    const message = args[0] as { t?: string; view?: string; id?: number }
    if (message?.t === "subscribe" && message.view === "search") {
      const one: Asked = { at: performance.now(), found: 0, more: false }
      asked.push(one)
      open.set(message.id as number, one)
    }
    post.apply(this, args)
  } as typeof post
}

/** Does it, and waits until the last search that it began is over. */
export async function searched(page: Page, doing: () => Promise<unknown>): Promise<Searched> {
  await page.evaluate(() => (globalThis as unknown as { searches: Probe }).searches.asked.splice(0))
  await doing()
  await page.waitForFunction(
    () => {
      const last = (globalThis as unknown as { searches: Probe }).searches.asked.at(-1)
      return last?.all !== undefined && (last.first === undefined || last.shown !== undefined)
    },
    undefined,
    { polling: 20 },
  )
  return page.evaluate(() => {
    const last = (globalThis as unknown as { searches: Probe }).searches.asked.at(-1) as Asked
    const { at, first, shown, all = at, found, more } = last
    return {
      ...(first === undefined ? {} : { firstMs: first - at }),
      ...(shown === undefined ? {} : { shownMs: shown - at }),
      ...{ allMs: all - at, found, more },
    }
  })
}
