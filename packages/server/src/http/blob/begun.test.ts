/** What was opened to be read is closed, also where nobody reads it any more. */
import { once } from "node:events"
import { Readable } from "node:stream"
import { expect, test } from "vitest"
import { BlobsAway } from "../../blob/port.ts"
import { begun } from "./begun.ts"

const source = () => {
  const seen = { open: 0 }
  async function* parts() {
    seen.open++
    try {
      for (const text of ["tea", "house", "!"]) yield Buffer.from(text)
    } finally {
      seen.open--
    }
  }
  return { seen, parts: parts() }
}
const readable = async (parts: AsyncIterable<Uint8Array>) => {
  const bytes = await begun(parts)
  if (bytes === "away") throw new Error("away")
  return Readable.from(bytes, { objectMode: false })
}

test("everything comes, the first part first", async () => {
  const { seen, parts } = source()
  const stream = await readable(parts)
  expect(seen.open).toBe(1)
  expect(Buffer.concat(await stream.toArray()).toString()).toBe("teahouse!")
  expect(seen.open).toBe(0)
})

test("who is gone before the first read, or in the middle, leaves nothing open", async () => {
  for (const reads of [0, 1]) {
    const { seen, parts } = source()
    const stream = await readable(parts)
    expect(seen.open).toBe(1)
    if (reads > 0) await once(stream, "readable")
    stream.destroy()
    await once(stream, "close")
    expect([reads, seen.open]).toEqual([reads, 0])
  }
})

test("a storage that is away is said, and any other failure is one", async () => {
  class Away extends BlobsAway {
    readonly problem = { zh: "远", en: "away" }
  }
  const fails = async function* (error: Error) {
    yield* (await Promise.reject(error)) as Uint8Array[]
  }
  expect(await begun(fails(new Away()))).toBe("away")
  await expect(begun(fails(new Error("torn")))).rejects.toThrow("torn")
})
