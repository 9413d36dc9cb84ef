/**
 * `server.conf` as nobody should write it: noise, and valid files with lines changed, doubled, cut or put elsewhere. Whatever it is, reading
 * it is a value; a file that is refused says where, in both languages, and of a file that is accepted every setting holds and says so.
 * That it ends in time is the runner's patience: before lines had a length, 256 KiB of them took minutes.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { explainConfiguration } from "../config.ts"
import { LINE_MAX, parseIni } from "./ini.ts"
import { limitSettings, settings } from "./settings.ts"

const RUNS = 500
const LARGEST = 256 * 1024
const seed = Number(process.env.TEAHOUSE_FUZZ_SEED ?? 20_261_128)
const options = { numRuns: RUNS, seed }

let folder: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "teahouse-fuzz-conf-"))
  path = join(folder, "server.conf")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Each setting with values of which some are right, in files that are right unless something is changed. */
const good: Readonly<Record<string, readonly string[]>> = {
  server: [
    ...["host = 10.0.0.1", "SERVER_IP: 192.168.1.5", "port = 8100", "HTTP_PORT = 0", "socket_port = 8101"],
    ...["data = /srv/tea", "database = mysql://a:b@127.0.0.1/tea", "registration = invite", "log = warn"],
    ...["retention_days = 90", "migrate = yes", "keys = k", "blobs = 文件", "log_format = text"],
    ...["origin = https://a.example, http://b.lan:81", "push_origins = https://p.example", "log = "],
    ...["trusted_proxies = 127.0.0.1, 10.0.0.0/8", "metrics = 9464", "stretching = 65536,3,1"],
    ...["tls = self-signed", "redirect_port = 8080", "nats = nats://a", "s3_bucket = tea-files"],
    ...["acme = chat.example.org", "acme_agree = yes", "acme_contact = a@b.example", "certificate = c.pem"],
  ],
  limits: ["sends_per_second = 7", "send_burst = 10", "rooms_per_day = 3"],
}
const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."[]=:#; \t\0\uFEFFaporthsd0159/@.,-\u2028文") }),
)
const pick = (section: string) =>
  fc.uniqueArray(fc.constantFrom(...(good[section] as readonly string[])), { maxLength: 8 })
const valid = fc
  .tuple(pick("server"), pick("limits"), fc.constantFrom("\n", "\r\n", "\r"))
  .map(([server, limits, end]) => ["# 茶馆", "[Server]", ...server, "", "[limits]", ...limits].join(end))
const change = fc.record({ at: fc.nat(), kind: fc.nat(4), other: fc.nat(), text: noise })
/** A few places in it changed: put in, overwritten, cut out, doubled, the end cut off. */
const mutated = fc.tuple(valid, fc.array(change, { maxLength: 3 })).map(([text, changes]) =>
  changes.reduce((whole, { at, kind, other, text: put }) => {
    const from = at % (whole.length + 1)
    const to = Math.min(whole.length, from + (other % 20))
    const parts = [put, put, "", whole.slice(from, to).repeat(2), ""]
    return whole.slice(0, from) + parts[kind] + (kind === 4 ? "" : whole.slice(kind === 0 ? from : to))
  }, text),
)
const file = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  noise.map((text) => Buffer.from(`[server]\n${text}`)),
  mutated.map((text) => Buffer.from(text)),
)

test(`each line is a pair, a mistake, a section, or meant for nobody (seed ${seed})`, () => {
  fc.assert(
    fc.property(file, (bytes) => {
      const { entries, mistakes } = parseIni(bytes)
      const places = [...entries, ...mistakes].map(({ line }) => line)
      expect(new Set(places).size).toBe(places.length)
      // What bytes become that are neither UTF-8 nor GB 18030, and what cannot be seen, is in no value.
      for (const { value } of entries) expect(value).not.toMatch(/[\0\ufffd]/)
      const text = Buffer.from(bytes).toString("latin1")
      const lines = text.split(/\r\n|\r|\n/)
      for (const line of places) expect(line).toBeLessThanOrEqual(lines.length)
      // A line with a letter and an equals sign that begins neither a comment nor a section is somebody's.
      for (const [index, line] of lines.entries())
        if (/^[a-z]+ *=/.test(line)) expect(places).toContain(index + 1)
    }),
    options,
  )
})

const outcomes = { accepted: 0, refused: 0 }
test(`a house reads it, or says what is wrong and where (seed ${seed})`, () => {
  fc.assert(
    fc.property(file, (bytes) => {
      writeFileSync(path, bytes)
      const read = explainConfiguration([], {}, folder)
      const { entries, mistakes } = parseIni(bytes)
      outcomes[read.ok ? "accepted" : "refused"]++
      if (!read.ok) {
        expect(read.error.length).toBeGreaterThan(0)
        for (const { zh, en } of read.error) {
          expect(en.startsWith(path)).toBe(true)
          const line = Number(/^, line (\d+)[,:]/.exec(en.slice(path.length))?.[1])
          const one = [...entries, ...mistakes].find((found) => found.line === line)
          expect(one).toBeDefined()
          expect(zh.startsWith(`${path} 第 ${line} 行`)).toBe(true)
          if (one && "name" in one && !en.includes("stands in line")) expect(en).toContain(`, ${one.name}:`)
          expect(zh).toMatch(/\p{Script=Han}{2}.*[。？]$/su)
        }
        // Every line that is not understood is named, not only the first.
        for (const { line } of mistakes)
          expect(read.error.filter(({ en }) => en.includes(`, line ${line}:`))).toHaveLength(1)
        return
      }
      expect(mistakes).toEqual([])
      const { shown } = read.value
      for (const { section, key, name, value, line } of entries) {
        const known = [...Object.values(settings), ...limitSettings.values()].find(
          (one) => one.section === section && (one.key === key || ("old" in one && one.old === key)),
        )
        expect(known).toBeDefined()
        // Nothing said of it is as if it were not there.
        if (value === "") continue
        const holds = shown.find((one) => one.section === section && one.key === known?.key)
        expect(holds?.from?.en).toBe(`${path}, line ${line}, ${name}`)
      }
    }),
    options,
  )
  // Both are met often: else the test says nothing.
  expect(Math.min(outcomes.accepted, outcomes.refused)).toBeGreaterThan(RUNS / 20)
})

test.each([
  [
    "keys that are all different",
    `[x]\n${Array.from({ length: 42_000 }, (_, i) => i.toString(36)).join("=\n")}`,
  ],
  ["a key without end", `${"a".repeat(LARGEST - 20)}=1`],
  ["a mail address of dots", `acme_contact=a@${".".repeat(LARGEST - 40)}@`],
  ["a value without end", `port = ${"1".repeat(LARGEST - 40)}`],
])("256 KiB of %s are refused, and soon", (_, text) => {
  writeFileSync(path, `[server]\n${text}`)
  const read = explainConfiguration([], {}, folder)
  expect(read.ok).toBe(false)
})

test("a line as long as any may be is read, and one character more is named", () => {
  const proxies = (length: number) => `trusted_proxies = ${"1.1.1.1,".repeat(LINE_MAX)}`.slice(0, length)
  writeFileSync(path, `[server]\n${proxies(LINE_MAX - 1)}1`)
  const long = explainConfiguration([], {}, folder)
  writeFileSync(path, `[server]\nport = 1\n${proxies(LINE_MAX + 1)}`)
  const longer = explainConfiguration([], {}, folder)
  expect(long.ok || long.error[0]?.en).not.toContain("longer than")
  expect(longer.ok || longer.error.map(({ en }) => en)).toEqual([
    `${path}, line 3: it is longer than 8192 characters, and no setting is.`,
  ])
})
