import type { Channel } from "@teahouse/client/view/channel.ts"
import { doorName, serveFiles } from "@teahouse/client/view/file-door.ts"
import { describe, expect, it } from "vitest"
import { createDoor, fileAddress } from "./sw-files.ts"

const NAME = "n".repeat(22)
const bytes = Uint8Array.from({ length: 1_200_000 }, (_, i) => (i * 7) & 255)
const address = { slot: "1", name: NAME }

/** A browser's channels, and an account worker with one open file. */
function house(file: { type: string; inline: boolean; name?: string }) {
  let asked = 0
  const ends: Channel[] = []
  const open = (): Channel => {
    const end: Channel = {
      onmessage: null,
      postMessage(message) {
        const data: unknown = structuredClone(message)
        for (const other of ends) if (other !== end) queueMicrotask(() => other.onmessage?.({ data }))
      },
    }
    ends.push(end)
    return end
  }
  serveFiles(open(), {
    meta: (name) =>
      name === NAME ? { name: file.name ?? "茶 (1).png", size: bytes.length, ...file } : undefined,
    async read(_name, from, to) {
      asked++
      return bytes.slice(from, to)
    },
  })
  const door = createDoor(
    (name) => (name === doorName("1") ? open() : { postMessage() {}, onmessage: null }),
    50,
  )
  const request = (destination: string, range?: string) =>
    ({ destination, headers: new Headers(range ? { range } : {}) }) as unknown as Request
  return { door, request, asked: () => asked }
}

describe("decrypted files for the page's elements", () => {
  it("are whole or a range, sandboxed, under their own name", async () => {
    const { door, request } = house({ type: "image/png", inline: true })
    const whole = await door(address, request("image"))
    expect(whole.status).toBe(200)
    expect(Buffer.compare(new Uint8Array(await whole.arrayBuffer()), bytes)).toBe(0)
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      "content-type": "image/png",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-disposition": "inline; filename*=UTF-8''%E8%8C%B6%20%281%29.png",
    })
    const part = await door(address, request("video", "bytes=600000-600009"))
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 600000-600009/1200000"])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(600_000, 600_010))
    expect((await door(address, request("video", "bytes=1200000-"))).status).toBe(416)
  })

  it("are never a document: whatever opens one saves it", async () => {
    const inline = house({ type: "image/png", inline: true })
    for (const destination of ["document", "iframe", "object", "embed", "script", "style", "worker"]) {
      const answer = await inline.door(address, inline.request(destination))
      expect(answer.headers.get("content-type")).toBe("application/octet-stream")
      expect(answer.headers.get("content-disposition")).toMatch(/^attachment;/)
      await answer.body?.cancel()
    }
    const other = house({ type: "application/octet-stream", inline: false, name: "x.svg" })
    const answer = await other.door(address, other.request("image"))
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment;/)
    await answer.body?.cancel()
  })

  it("are read as they are taken, and not before", async () => {
    const { door, request, asked } = house({ type: "video/mp4", inline: true })
    const reader = (await door(address, request("video"))).body?.getReader()
    expect(asked()).toBe(0)
    await reader?.read()
    expect(asked()).toBe(1)
    await reader?.cancel()
    expect(asked()).toBe(1)
  })

  it("are nothing to who does not know the name, or whose account is not here", async () => {
    const { door, request } = house({ type: "image/png", inline: true })
    expect((await door({ slot: "1", name: "o".repeat(22) }, request("image"))).status).toBe(404)
    expect((await door({ slot: "3", name: NAME }, request("image"))).status).toBe(404)
  })
})

it("an address is a slot and a name, and nothing else is one", () => {
  expect(fileAddress(`/1/files/${NAME}`)).toEqual(address)
  for (const path of [
    `/1/files/${NAME}/x`,
    `/1/files/${NAME}=`,
    `/files/${NAME}`,
    "/1/files/",
    `/100/files/${NAME}`,
  ])
    expect(fileAddress(path)).toBeUndefined()
})
