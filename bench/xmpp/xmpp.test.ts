import { expect, it } from "vitest"
import { keyOf, keysIn } from "./client.ts"
import { libraries, missingPackages } from "./installed.ts"

const stream = [1, 2, 3]
  .map((n) => `<message to='p0-1@localhost'><body>\`${keyOf(7, n)}xxxx</body></message>`)
  .join("")

it("finds every key once, wherever the stream is cut", () => {
  const want = [1, 2, 3].map((n) => keyOf(7, n))
  for (let first = 0; first <= stream.length; first++)
    for (const second of [first, first + 1, first + 9]) {
      const seen: string[] = []
      const feed = keysIn((key) => seen.push(key))
      for (const part of [stream.slice(0, first), stream.slice(first, second), stream.slice(second)])
        feed(Buffer.from(part))
      expect(seen).toEqual(want)
    }
})

const debian: Readonly<Record<string, readonly string[]>> = {
  "/usr/lib": ["python3", "aarch64-linux-gnu"],
  "/usr/lib/aarch64-linux-gnu": ["ejabberd-23.01-1"],
  "/usr/lib/aarch64-linux-gnu/lua/5.4/dbd": ["sqlite3.so"],
  "/usr/share/ejabberd/sql": ["lite.sql"],
  "/usr/lib/erlang/lib": ["p1_sqlite3-1.1.14"],
  "/usr/bin": ["prosody", "lua5.4"],
}
const without = (folder: string) => (one: string) => (one === folder ? [] : (debian[one] ?? []))

it("names the packages of a peer that are not there, and none where all are", () => {
  const all = without("")
  expect(libraries(all)).toBe("/usr/lib/aarch64-linux-gnu")
  expect(missingPackages("ejabberd-sqlite", all)).toEqual([])
  expect(missingPackages("prosody-sqlite", all)).toEqual([])
  expect(missingPackages("ejabberd-sqlite", without("/usr/lib/erlang/lib"))).toEqual(["erlang-p1-sqlite3"])
  expect(missingPackages("prosody-sqlite", without("/usr/bin"))).toEqual(["prosody"])
  const nothing = () => []
  expect(missingPackages("ejabberd-sqlite", nothing)).toEqual(["ejabberd", "erlang-p1-sqlite3"])
  expect(missingPackages("prosody-sqlite", nothing)).toEqual(["prosody", "lua-dbi-sqlite3"])
})
