import { Readable } from "node:stream"
import { typeOfName } from "@teahouse/client/media/type-of-name.ts"
import { expect, test } from "vitest"
import { chatsNamed, namedChats } from "./find.ts"
import { readFlags } from "./flags.ts"
import { importAll } from "./import.ts"
import { firstLine } from "./output.ts"
import { openPrinted } from "./printed.ts"
import { send } from "./send.ts"
import { Stop } from "./stop.ts"

const kinds = { profile: "string", count: "string", json: "boolean" } as const
const stopOf = (run: () => unknown): Stop => {
  try {
    run()
  } catch (error) {
    if (error instanceof Stop) return error
  }
  throw new Error("it did not stop")
}

test("flags are read strictly", () => {
  const flags = readFlags(["--profile", "lan", "--json", "--", "--text"], kinds)
  expect([flags.need("profile"), flags.on("json"), flags.rest]).toEqual(["lan", true, ["--text"]])
  expect(flags.count("count")).toBeUndefined()
  expect(readFlags(["--count=3"], kinds).count("count")).toBe(3)
  expect(stopOf(() => readFlags(["--count=1", "--count", "2"], kinds)).sentence.en).toBe(
    "--count is there twice.",
  )
  for (const bad of [["--nope"], ["--count"], ["--json=1"]])
    expect(stopOf(() => readFlags(bad, kinds)).exit).toBe(2)
  for (const count of ["0", "-1", "x", "1e9", ""])
    expect(stopOf(() => readFlags([`--count=${count}`], kinds).count("count")).exit).toBe(2)
  expect(stopOf(() => readFlags([], kinds).need("profile")).sentence.en).toBe("--profile is missing.")
})

test("nothing to send is a mistake of the command line, said before anything is opened", async () => {
  const input = {
    dataHome: "/nowhere",
    tongue: "en",
    output: {},
    args: ["--profile", "lan", "--to", "bo", " "],
  }
  await expect(send(input as unknown as Parameters<typeof send>[0])).rejects.toMatchObject({ exit: 2 })
})

test("which import is to go is said by its id, and nothing else is guessed", async () => {
  const input = (...args: string[]) => ({ dataHome: "/nowhere", tongue: "en", output: {}, args })
  for (const args of [["drop"], ["drop", "a", "b"], ["list", "a"]])
    await expect(
      importAll(input(...args, "--profile", "lan") as unknown as Parameters<typeof importAll>[0]),
    ).rejects.toMatchObject({ exit: 2 })
})

test("the first line of the input is the password, whatever follows, in whatever parts it comes", async () => {
  const read = (...parts: string[]) => firstLine(Readable.from(parts) as unknown as NodeJS.ReadStream)
  expect(await read("three quiet cups\n")).toBe("three quiet cups")
  expect(await read("three ", "quiet cups\r", "\nmore\n")).toBe("three quiet cups")
  expect(await read(" no end ")).toBe(" no end ")
  expect(await read("\n")).toBe("")
  expect(await firstLine(Readable.from([]) as unknown as NodeJS.ReadStream)).toBe("")
})

const room = (id: string, title: string, kind: "direct" | "group" | "self" = "group") =>
  ({ room: id, title, kind }) as unknown as Parameters<typeof namedChats>[0][number]
const friend = (id: string, username: string, remark = "") =>
  ({ room: id, username, remark, nickname: "" }) as unknown as Parameters<typeof namedChats>[1][number]

test("a name finds one chat, or none, or says that it is several", () => {
  const chats = namedChats(
    [room("r1", "Bo", "direct"), room("r2", "Tea"), room("r3", "Tea"), room("r4", "", "self")],
    [friend("r1", "bo", "老波")],
  )
  const found = (name: string) => chatsNamed(name, chats).map((one) => one.room)
  expect(found("bo")).toEqual(["r1"])
  expect(found("Bo")).toEqual(["r1"])
  expect(found("BO")).toEqual(["r1"])
  expect(found("老波")).toEqual(["r1"])
  expect(found("Tea")).toEqual(["r2", "r3"])
  expect(found("r3")).toEqual(["r3"])
  expect(found("文件传输助手")).toEqual(["r4"])
  expect(found("")).toEqual([])
  expect(found("nobody")).toEqual([])
})

test("what was printed is not printed again", () => {
  const printed = openPrinted(":memory:", () => {})
  expect(printed.has("r", 3)).toBe(false)
  printed.add("r", 3)
  printed.add("r", 3)
  expect([printed.has("r", 3), printed.has("r", 4), printed.has("q", 3)]).toEqual([true, false, false])
  printed.close()
})

test("a type by the ending, and none by none", () => {
  expect(typeOfName("photo.JPG")).toBe("image/jpeg")
  expect(typeOfName("no ending")).toBe("application/octet-stream")
  expect(typeOfName("x.constructor")).toBe("application/octet-stream")
})
