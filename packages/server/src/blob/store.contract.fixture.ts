/** What every blob store must do; each adapter's test runs it. */
import { type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import type { BlobStore } from "./port.ts"

export function blobStoreContract(name: string, open: () => Promise<BlobStore>): void {
  let made = 0
  const id = (): Id => idFrom(Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? ++made : 255 - i)))
  const bytes = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => (from + i) & 255)
  async function* parts(...all: Uint8Array[]) {
    yield* all
  }
  async function* cut(...all: Uint8Array[]) {
    yield* all
    throw new Error("the line was cut")
  }
  const readAll = async (store: BlobStore, blob: Id, from: number, to: number) => {
    const out: Uint8Array[] = []
    for await (const part of store.read(blob, from, to)) out.push(part)
    return new Uint8Array(Buffer.concat(out))
  }

  describe(`${name} keeps blobs`, () => {
    it("gives back what came, whole and in parts", async () => {
      const store = await open()
      const blob = id()
      expect(await store.append(blob, 0, parts(bytes(1000), bytes(500, 7)), 1500)).toEqual({ written: 1500 })
      expect(await store.size(blob)).toBe(1500)
      expect(await readAll(store, blob, 0, 1500)).toEqual(
        new Uint8Array(Buffer.concat([bytes(1000), bytes(500, 7)])),
      )
      expect(await readAll(store, blob, 998, 1002)).toEqual(Uint8Array.of(230, 231, 7, 8))
      expect((await readAll(store, blob, 5, 5)).length).toBe(0)
    })

    it("keeps what came before a line was cut, and goes on from an offset before its end", async () => {
      const store = await open()
      const blob = id()
      expect(await store.append(blob, 0, cut(bytes(300)), 900)).toEqual({ written: 300 })
      expect(await store.append(blob, 200, parts(bytes(50, 9)), 700)).toEqual({ written: 50 })
      // What there was beyond that is cut off or stays; it is of no account (port.ts).
      expect([250, 300]).toContain(await store.size(blob))
      expect(await readAll(store, blob, 0, 250)).toEqual(
        new Uint8Array(Buffer.concat([bytes(200), bytes(50, 9)])),
      )
    })

    it("takes no more than it was told to, and says so", async () => {
      const store = await open()
      const blob = id()
      expect(await store.append(blob, 0, parts(bytes(10), bytes(10)), 15)).toEqual({
        written: 15,
        problem: "too_long",
      })
      expect(await store.size(blob)).toBe(15)
    })

    it("fails to read what is not there", async () => {
      const store = await open()
      const blob = id()
      await store.append(blob, 0, parts(bytes(10)), 10)
      await expect(readAll(store, blob, 0, 11)).rejects.toThrow()
      await expect(readAll(store, id(), 0, 1)).rejects.toThrow()
      expect(await store.size(id())).toBeUndefined()
    })

    it("lists, and removes once and again", async () => {
      const store = await open()
      const [one, other] = [id(), id()]
      for (const blob of [one, other]) await store.append(blob, 0, parts(bytes(1)), 1)
      const listed: Id[] = []
      for await (const blob of store.list()) listed.push(blob)
      expect(listed.sort()).toEqual([one, other].sort())
      await store.remove(one)
      await store.remove(one)
      expect(await store.size(one)).toBeUndefined()
      expect(await store.size(other)).toBe(1)
    })
  })
}
