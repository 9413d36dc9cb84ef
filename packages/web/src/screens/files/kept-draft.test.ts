import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { readKept } from "./kept-draft.ts"

const room = "r".repeat(22) as Id
const whole = Uint8Array.from({ length: 10 }, (_, i) => i)
const kept = (id: string, size: number) => ({ id, name: `${id}.png`, type: "image/png", modified: 5, size })
const draft = { files: [kept("a", 10), kept("b", 0)], caption: "", original: false }

const port = (damaged?: string) =>
  ({
    command: async (_name: string, { id, from }: { id: string; from: number }) => {
      if (id === damaged) return { ok: false, error: { kind: "file_damaged" } }
      if (id === "b") return { ok: true, value: { bytes: new Uint8Array() } }
      const bytes = whole.slice(from, from + 4)
      return { ok: true, value: { bytes, ...(from + 4 < 10 && { next: from + 4 }) } }
    },
  }) as unknown as ClientPort

test("kept files are files again, read part by part, with name, type and time", async () => {
  const read = await readKept(port(), room, draft)
  if (!read.ok) throw new Error(read.error.kind)
  expect(read.value.map(({ id, file }) => [id, file.name, file.type, file.lastModified, file.size])).toEqual([
    ["a", "a.png", "image/png", 5, 10],
    ["b", "b.png", "image/png", 5, 0],
  ])
  expect(await read.value[0]?.file.bytes()).toEqual(whole)
})

test("one that does not open any more is said, and none of them is shown", async () => {
  expect(await readKept(port("b"), room, draft)).toEqual({ ok: false, error: { kind: "file_damaged" } })
})
