import { describe, expect, it } from "vitest"
import { defaultConfiguration, readConfiguration } from "./config.ts"

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
