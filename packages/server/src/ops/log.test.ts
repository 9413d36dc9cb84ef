import { expect, test } from "vitest"
import { createLog } from "./log.ts"

const lines: string[] = []
const written = (format: "json" | "text", write: (log: ReturnType<typeof createLog>) => void) => {
  lines.length = 0
  write(createLog("info", { write: (line) => void lines.push(line) }, format))
  return lines
}

test("as text, for who reads along: the same fields, a line each", () => {
  const [one = "", two = "", ...more] = written("text", (log) => {
    log.warn(
      { days: 5, path: "/srv/tea/keys", why: 'two\nlines "here"', at: ["a.ts:1", "b.ts:2"] },
      "it ends\nsoon",
    )
    log.error({ req: "7c", ok: false })
    log.debug("not asked for")
  })
  expect(more).toEqual([])
  expect(one).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}it ends soon {2}/)
  expect(one).toContain('days=5 path=/srv/tea/keys why="two\\nlines \\"here\\"" at=["a.ts:1","b.ts:2"]\n')
  expect(two).toMatch(/Z ERROR {2}req=7c ok=false\n$/)
})

test("as JSON unless somebody says otherwise", () => {
  const [line = ""] = written("json", (log) => log.info({ days: 5 }, "it ends"))
  expect(JSON.parse(line)).toMatchObject({ level: 30, days: 5, msg: "it ends" })
})
