/**
 * A large file through the real client core and a real house, on disks: how fast it goes up and comes back, and by how much the
 * client's memory grows meanwhile. The house is a process of its own; what is measured is this one.
 */
import { fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { folderStages } from "@teahouse/terminal/profile/folder-stages.ts"
import { openPerson } from "../test/headless/person.ts"
import { type Print, round } from "./measure.ts"

const MB = 1_000_000
const MiB = 1024 * 1024

export async function file(print: Print, quick: boolean): Promise<void> {
  const size = quick ? 64 * MiB : 1024 * MiB
  const folder = mkdtempSync(join(tmpdir(), "teahouse-bench-"))
  const house = fork(join(import.meta.dirname, "file-house.ts"), [join(folder, "house")], {
    stdio: "inherit",
  })
  try {
    const url = await new Promise<string>((ready, failed) => {
      house.once("message", (message) => ready(String(message)))
      house.once("exit", () => failed(new Error("the house did not start")))
    })
    const person = openPerson(url, undefined, { stages: folderStages(join(folder, "stage")) })
    await person.register("lilei")
    const { rooms } = await person.until("roomList", undefined, (value) => value.rooms.length > 0)
    const room = rooms[0]?.room
    if (!room) throw new Error("no room")
    const memory = watchMemory()
    const part = crypto.getRandomValues(new Uint8Array(65_536))
    const source = {
      size,
      slice: (from: number, to: number) => ({
        async arrayBuffer() {
          const bytes = new Uint8Array(to - from)
          for (let at = 0; at < bytes.length; at += part.length)
            bytes.set(part.subarray(0, Math.min(part.length, bytes.length - at)), at)
          return bytes.buffer
        },
      }),
    }
    const began = performance.now()
    const { keys } = await person.must("sendFiles", { room, files: [{ source, name: "film.bin", type: "" }] })
    const prepared = await reached(person, ({ state }) => state !== "sealing")
    await reached(person, () => false)
    const sent = performance.now()
    await person.timeline(room, (items) => items.some((item) => "seq" in item && item.key === keys[0]))
    const up = memory()
    print({
      ...{ bench: "file", case: `up ${size / MiB} MiB`, server: "teahouse" },
      ...{ prepareMbPerS: rate(size, prepared - began), mbPerS: rate(size, sent - prepared), memoryMb: up },
    })

    await person.must("clearFiles", {})
    const { items } = await person.timeline(room, () => true)
    const seq = items.findLast((item) => item.key === keys[0])?.seq ?? 0
    const opened = await person.must("openFile", { room, key: keys[0] as string, seq })
    const id = opened.url.split("/").at(-1) as string
    const again = watchMemory()
    const read = performance.now()
    for (let at = 0; at < size; ) {
      const bytes = await person.client.files.read(id, at, size)
      if (!bytes?.length) throw new Error(`nothing at ${at}`)
      at += bytes.length
    }
    print({
      ...{ bench: "file", case: `down ${size / MiB} MiB`, server: "teahouse" },
      ...{ mbPerS: rate(size, performance.now() - read), memoryMb: again() },
    })
    await person.client.stop()
  } finally {
    house.removeAllListeners("exit")
    house.kill("SIGTERM")
    rmSync(folder, { recursive: true, force: true })
  }
}

const rate = (bytes: number, ms: number) => round(bytes / MB / (ms / 1000))

/** The largest growth of this process' memory until it is called, MB. */
function watchMemory(): () => number {
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 50)
  return () => {
    clearInterval(timer)
    return round((most - before) / MB)
  }
}

/** When every transfer is past this, or there is none. */
function reached(
  person: ReturnType<typeof openPerson>,
  past: (transfer: { readonly state: string }) => boolean,
): Promise<number> {
  return new Promise((done) => {
    const stop = person.client.subscribe("transfers", undefined, ({ transfers }) => {
      if (!transfers.every(past)) return
      setTimeout(() => stop())
      done(performance.now())
    })
  })
}
