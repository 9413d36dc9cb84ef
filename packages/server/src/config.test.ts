import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { defaultConfiguration, explainConfiguration, readConfiguration } from "./config.ts"

const read = (args: string[] = [], env: Record<string, string> = {}) => {
  const result = readConfiguration(args, env)
  if (!result.ok) throw new Error(result.error.map((problem) => problem.en).join("\n"))
  return result.value
}
const problems = (args: string[] = [], env: Record<string, string> = {}) => {
  const result = readConfiguration(args, env)
  return result.ok ? [] : result.error
}

describe("configuration", () => {
  it("works with nothing said", () => {
    expect(read()).toEqual(defaultConfiguration)
    expect(read()).toMatchObject({ host: "127.0.0.1", port: 8000 })
    expect(read().data).toMatch(/[/\\]data$/)
  })

  it("takes flags before the environment before defaults", () => {
    const env = { TEAHOUSE_HOST: "10.0.0.1", TEAHOUSE_PORT: "9000", TEAHOUSE_DATA: "/srv/tea" }
    expect(read([], env)).toMatchObject({ host: "10.0.0.1", port: 9000, data: "/srv/tea" })
    expect(read(["--port", "0", "--host=::1", "--data", "/x"], env)).toMatchObject({
      host: "::1",
      port: 0,
      data: "/x",
    })
    expect(read([], { TEAHOUSE_PORT: "" }).port).toBe(8000)
  })

  it("takes public origins, limits and stretching", () => {
    expect(read(["--origin", "https://Chat.example.org/"]).origins).toEqual(["https://chat.example.org"])
    expect(read([], { TEAHOUSE_ORIGIN: "https://a.example, http://b.lan:81" }).origins).toEqual([
      "https://a.example",
      "http://b.lan:81",
    ])
    expect(read([], { TEAHOUSE_LIMIT_SENDS_PER_SECOND: "500" }).limits.sendsPerSecond).toBe(500)
    expect(read([], { TEAHOUSE_STRETCHING: "8,1,1" }).stretching).toEqual({
      memory: 8,
      iterations: 1,
      parallelism: 1,
    })
  })

  it.each<[string[], Record<string, string>]>([
    [["--port", "70000"], {}],
    [["--port", "abc"], {}],
    [["--port", "-1"], {}],
    [["--host", "http://localhost"], {}],
    [["--origin", "chat.example.org"], {}],
    [["--origin", "https://chat.example.org/path"], {}],
    [["--unknown"], {}],
    [["stray"], {}],
    [["--port"], {}],
    [[], { TEAHOUSE_PORT: "1.5" }],
    [[], { TEAHOUSE_STRETCHING: "1,1,1" }],
    [[], { TEAHOUSE_STRETCHING: "64" }],
    [[], { TEAHOUSE_LIMIT_SENDS_PER_SECOND: "many" }],
    [[], { TEAHOUSE_LIMIT_TEXT_BYTES: "1" }],
    [[], { TEAHOUSE_LIMIT_NONSENSE: "1" }],
    [[], { TEAHOUSE_LOG: "loud" }],
  ])("names what is wrong, in both languages: %j %j", (args, env) => {
    const found = problems(args, env)
    expect(found).toHaveLength(1)
    expect(found[0]?.zh).toMatch(/\p{Script=Han}/u)
    expect(found[0]?.en).toMatch(/^[A-Z]/)
  })

  it("names all that is wrong at once", () => {
    expect(problems(["--port", "x", "--host", "a b"], { TEAHOUSE_LOG: "loud" })).toHaveLength(3)
  })
})

describe("server.conf", () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "teahouse-conf-"))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const write = (text: string, name = "server.conf") => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const explain = (args: string[] = [], env: Record<string, string> = {}) =>
    explainConfiguration(args, env, folder)
  const wrong = (args: string[] = [], env: Record<string, string> = {}) => {
    const read = explain(args, env)
    if (read.ok) throw new Error("nothing is wrong")
    return read.error
  }
  const right = (args: string[] = [], env: Record<string, string> = {}) => {
    const read = explain(args, env)
    if (!read.ok) throw new Error(read.error.map((problem) => problem.en).join("\n"))
    return read.value.configuration
  }

  it("of the program before this one is understood", () => {
    write("[server]\nSERVER_IP = 192.168.1.5\nHTTP_PORT = 8100\nSOCKET_PORT = 8101\n")
    expect(right()).toMatchObject({ host: "192.168.1.5", port: 8100, socketPort: 8101 })
  })

  it("comes after flags and the environment, and before the defaults", () => {
    write("[server]\nport = 1\nhost = 10.0.0.1\ndata = d\n[limits]\nsends_per_second = 7\n")
    const env = { TEAHOUSE_PORT: "2", TEAHOUSE_LIMIT_SENDS_PER_SECOND: "8" }
    expect(right()).toMatchObject({ port: 1, host: "10.0.0.1", data: join(folder, "d") })
    expect(right().limits.sendsPerSecond).toBe(7)
    expect(right([], env)).toMatchObject({ port: 2, host: "10.0.0.1" })
    expect(right([], env).limits.sendsPerSecond).toBe(8)
    expect(right(["--port", "3"], env).port).toBe(3)
  })

  it("may be another file, and then has to be there", () => {
    write("[server]\nport = 1\n")
    const other = write("[server]\nport = 2\n", "other.conf")
    expect(right(["--config", other]).port).toBe(2)
    expect(right([], { TEAHOUSE_CONFIG: "other.conf" }).port).toBe(2)
    expect(wrong(["--config", "none.conf"])[0]?.en).toContain("There is no file")
    expect(wrong(["--config", "."])[0]?.en).toContain("cannot be read")
    write("#".repeat(300_000), "large.conf")
    expect(wrong(["--config", "large.conf"])[0]?.en).toContain("larger than 256 KiB")
  })

  it("values may stand in files that the environment names", () => {
    const path = write("8123\n", "port.txt")
    expect(right([], { TEAHOUSE_PORT_FILE: path }).port).toBe(8123)
    expect(right([], { TEAHOUSE_PORT_FILE: path, TEAHOUSE_PORT: "1" }).port).toBe(1)
    expect(wrong([], { TEAHOUSE_PORT_FILE: `${path}x` })[0]?.en).toContain(
      "TEAHOUSE_PORT_FILE: There is no file",
    )
  })

  it("each mistake is named with file, line, key, what was found and what is right, in both languages, all at once", () => {
    const path = write(
      "[server]\nhttp_port = many\nhots = x\nport = 1\nwhat\n[servr]\na = b\n[limits]\nsend_burst = 0\n",
    )
    const found = wrong()
    expect(found.map(({ en }) => en)).toEqual([
      `${path}, line 5: “what” is not understood. Write “key = value” in each line, comments after #.`,
      `${path}, line 3, hots: there is no “hots”. Is it host?`,
      `${path}, line 7, a: there is no “[servr]”. Is it [server]?`,
      `${path}, line 4: “port” stands in line 2 already. Keep one of the two.`,
      `${path}, line 2, http_port: “many” is not valid: use a whole number from 0 to 65535 (0 picks a free one).`,
      `${path}, line 9, send_burst: “0” is not valid: use a whole number above 0.`,
    ])
    for (const { zh } of found) expect(zh).toMatch(/第 \d 行.*\p{Script=Han}/u)
  })

  it("takes a database of the older file and of its driver; what is no address of one is said without the password", () => {
    const uri = "mysql://root:123@127.0.0.1:3306/chatdb"
    write(`[server]\nSQLALCHEMY_DATABASE_URI = ${uri}\n`)
    expect(right().database).toBe(uri)
    expect(right([], { TEAHOUSE_DATABASE: uri.replace("mysql:", "mysql+pymysql:") }).database).toBe(uri)
    expect(right([], { TEAHOUSE_DATABASE: "sqlite" }).database).toBe("sqlite")
    for (const bad of [
      "postgres://root:123secret@127.0.0.1/chatdb",
      "mysql://root:123secret@127.0.0.1",
      "x",
    ]) {
      const [problem] = wrong([], { TEAHOUSE_DATABASE: bad })
      expect(problem?.en).toContain("mysql://user:password@host:3306/database")
      expect(JSON.stringify(problem)).not.toContain("123secret")
    }
    const read = explain()
    const shown = read.ok ? read.value.shown : []
    expect(shown.find(({ key }) => key === "database")?.value).toBe("mysql://root:***@127.0.0.1:3306/chatdb")
  })

  it("takes NATS for several nodes on one MySQL, and folders that they have in common", () => {
    const database = "database = mysql://root@127.0.0.1/tea\n"
    write(`[server]\n${database}nats = nats://tea:le%20af@10.0.0.5:4222\nkeys = k\nblobs = ../b\n`)
    expect(right()).toMatchObject({
      nats: "nats://tea:le%20af@10.0.0.5:4222",
      keys: join(folder, "k"),
      blobs: join(folder, "..", "b"),
    })
    expect(right(["--nats", "tls://a, nats://b:1"], { TEAHOUSE_NATS: "nats://c" }).nats).toBe(
      "tls://a,nats://b:1",
    )
    expect(right([], { TEAHOUSE_NATS: "nats://c" }).nats).toBe("nats://c")
    const path = write("[server]\nnats = nats://a\n", "alone.conf")
    expect(wrong(["--config", path]).map(({ en }) => en)).toEqual([
      `${path}, line 2, nats: nats is for several nodes, which need one MySQL or MariaDB in common, and database is sqlite. Set database = mysql://…, or leave nats out.`,
    ])
  })

  it("says what is no address of NATS, and shows no password and no token of it", () => {
    write("[server]\ndatabase = mysql://root@127.0.0.1/tea\n")
    for (const bad of [
      ...["10.0.0.5:4222", "http://a", "nats://", "nats://a/room", "nats://a:x", "nats://a?b", "nats://a,"],
      ...["nats://tea:hush,hush@a:x", "tea:hush@a", "nats://tea:hu%zzsh@a", "nats://hush@a, nats:/hush@b"],
    ]) {
      const found = wrong([], { TEAHOUSE_NATS: bad })
      expect(found).toHaveLength(1)
      expect(found[0]?.en).toMatch(/^Variable TEAHOUSE_NATS: .*write it like nats:\/\//)
      expect(JSON.stringify(found)).not.toContain("hush")
    }
    for (const [given, expected] of [
      ["nats://tea:hush@a:1,nats://hush@b", "nats://***@a:1,nats://***@b"],
      ["nats://a:4222", "nats://a:4222"],
    ] as const) {
      const read = explain(["--nats", given])
      expect(read.ok && read.value.shown.find(({ key }) => key === "nats")?.value).toBe(expected)
    }
  })

  it("shows no password of what only looks like a database's address", () => {
    for (const bad of [
      "root:hush@10.0.0.5/tea",
      "mysql:/root:hush@10.0.0.5/tea",
      "mysql://root:hush@10.0.0.5",
    ])
      expect(JSON.stringify(wrong([], { TEAHOUSE_DATABASE: bad }))).not.toContain("hush")
  })

  it("what holds is shown with where it was said", () => {
    const path = write("[server]\norigin = https://a.example, https://b.example\n")
    const read = explain(["--port", "9"])
    const shown = read.ok ? read.value.shown : []
    expect(shown.find(({ key }) => key === "origin")).toMatchObject({
      value: "https://a.example, https://b.example",
      from: { en: `${path}, line 2, origin` },
    })
    expect(shown.find(({ key }) => key === "port")).toMatchObject({ value: "9", from: { en: "Flag --port" } })
    expect(shown.find(({ key }) => key === "host")).toEqual({
      section: "server",
      key: "host",
      value: "127.0.0.1",
    })
  })
})
