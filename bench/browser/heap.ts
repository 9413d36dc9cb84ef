/**
 * JavaScript heaps of the page and of the worker that hosts the client, through the DevTools protocol. The browser's driver
 * knows pages only; a SharedWorker is a target of its own, found in the list that Chromium serves on its debugging port.
 */
import { WebSocket } from "ws"

type Target = {
  readonly type: string
  readonly title: string
  readonly url: string
  readonly webSocketDebuggerUrl: string
}

/** Bytes in use after a collection, of all pages and workers whose address begins with `origin`. */
export async function heapBytes(
  debuggingPort: number,
  origin: string,
): Promise<{ page: number; worker: number }> {
  const answer = await fetch(`http://127.0.0.1:${debuggingPort}/json/list`)
  const targets = ((await answer.json()) as Target[]).filter((target) => target.url.startsWith(origin))
  const sum = async (kind: (type: string) => boolean) => {
    let bytes = 0
    for (const target of targets.filter(({ type }) => kind(type)))
      bytes += await usedHeap(target.webSocketDebuggerUrl)
    return bytes
  }
  return { page: await sum((type) => type === "page"), worker: await sum((type) => type === "shared_worker") }
}

async function usedHeap(url: string): Promise<number> {
  const socket = new WebSocket(url)
  await new Promise((open, fail) => socket.once("open", open).once("error", fail))
  let id = 0
  const ask = (method: string) =>
    new Promise<Record<string, unknown>>((done, fail) => {
      const mine = ++id
      const timer = setTimeout(() => fail(new Error(`${method} was not answered`)), 30_000)
      const hear = (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { id?: number; result?: Record<string, unknown> }
        if (message.id !== mine) return
        clearTimeout(timer)
        socket.off("message", hear)
        done(message.result ?? {})
      }
      socket.on("message", hear)
      socket.send(JSON.stringify({ id: mine, method }))
    })
  try {
    await ask("HeapProfiler.collectGarbage")
    const { usedSize, backingStorageSize } = await ask("Runtime.getHeapUsage")
    // Typed arrays' bytes lie beside the heap.
    return Number(usedSize) + Number(backingStorageSize ?? 0)
  } finally {
    socket.close()
  }
}
