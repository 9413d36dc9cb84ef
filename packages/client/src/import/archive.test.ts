/** Exports in archives: as telephones make them, and as somebody makes them who means harm. */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { readArchive } from "./archive.ts"
import { crc32 } from "./crc32.ts"
import { type Zipped, zip } from "./zip.fixture.ts"

const CHAT = utf8(
  "[25/03/2024, 14:03:00] Bo: look\n[25/03/2024, 14:03:01] Bo: <attached: 0012-PHOTO.jpg>\n[25/03/2024, 14:03:02] Bo: <attached: ../../etc/passwd>",
)
const chat = (more: Partial<Zipped> = {}): Zipped => ({ name: "_chat.txt", bytes: CHAT, ...more })
const photo = (more: Partial<Zipped> = {}): Zipped => ({
  ...{ name: "0012-PHOTO.jpg", bytes: utf8("a quiet garden".repeat(9)), stored: true },
  ...more,
})
const read = (bytes: Uint8Array<ArrayBuffer>, name = "WhatsApp Chat - Bo.zip") =>
  readArchive(new Blob([bytes]), name)
const opened = async (files: readonly Zipped[], name?: string) => {
  const found = await read(await zip(files), name)
  if (!found.ok) throw new Error(found.error)
  return found.value
}
const failure = async (bytes: Uint8Array<ArrayBuffer>) => {
  const found = await read(bytes)
  return found.ok ? "read" : found.error
}

test("a WhatsApp export as a telephone gives it, with its pictures; the chat is called as the archive is", async () => {
  const found = await opened([chat(), photo()])
  expect([found.source, found.read.chats[0]?.name]).toEqual(["whatsapp", "Bo"])
  expect((await opened([chat()], "WhatsApp Chat - Bo (2).zip")).read.chats[0]?.name).toBe("Bo")
  const file = await found.file("0012-PHOTO.jpg")
  expect(typeof file === "string" ? file : await file.text()).toBe("a quiet garden".repeat(9))
  expect(await found.file("other.jpg")).toBe("file_not_included")
})

test("a Telegram export in a folder of its own, with what a Mac adds", async () => {
  const json = utf8(JSON.stringify({ name: "Tea", messages: [] }))
  const found = await opened([
    { name: "export/", bytes: utf8(""), stored: true },
    { name: "export/result.json", bytes: json },
    { name: "export/photos/a.jpg", bytes: utf8("a") },
    { name: "__MACOSX/export/._result.json", bytes: utf8("x") },
  ])
  expect([found.source, typeof (await found.file("photos/a.jpg"))]).toEqual(["telegram", "object"])
})

test("no name leads out of an archive, whatever an export asks for", async () => {
  const found = await opened([
    chat(),
    ...["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\b"].map((name) => ({
      name,
      bytes: utf8("root"),
    })),
  ])
  for (const path of ["../../etc/passwd", "etc/passwd", "/etc/passwd", "b", "passwd", "a/../../b", "C:/b"])
    expect([path, await found.file(path)]).toEqual([path, "file_not_included"])
  expect(found.read.unread.map(({ why }) => why)).toEqual(["bad_path"])
})

test("what is cut off, has turned a bit, has a password, or is no archive or no export is said, and nothing is read", async () => {
  const whole = await zip([chat(), photo()])
  expect(await failure(whole.slice(0, -30))).toBe("damaged_archive")
  expect(await failure(whole.slice(0, 40))).toBe("damaged_archive")
  expect(await failure(new Uint8Array(0))).toBe("damaged_archive")
  // A wrong letter in a text that is not packed breaks nothing but its sum.
  const stored = await zip([chat({ stored: true })])
  const at = stored.findIndex((_, n) => new TextDecoder().decode(stored.subarray(n, n + 4)) === "look")
  stored[at] = 0x62
  expect(await failure(stored)).toBe("damaged_archive")
  expect(await failure(await zip([chat({ encrypted: true })]))).toBe("locked_archive")
  expect(await failure(await zip([photo()]))).toBe("not_an_export")
  const damaged = await opened([chat(), photo({ says: { crc: 7 } })])
  expect(await damaged.file("0012-PHOTO.jpg")).toBe("damaged")
})

test("an archive that would burst is refused before anything is unpacked, and one that lies about it is stopped", async () => {
  const MB = 1024 * 1024
  expect(
    await failure(await zip([chat(), { name: "a.jpg", bytes: utf8("a"), says: { size: 80 * MB } }])),
  ).toBe("too_large")
  const small = new Uint8Array(1000)
  const many = Array.from({ length: 90 }, (_, n) => ({ name: `${n}.txt`, bytes: small, says: { size: MB } }))
  expect(await failure(await zip([chat(), ...many], true))).toBe("too_large")
  const lying = await opened([chat(), photo({ bytes: small, stored: false, says: { size: 100 } })])
  expect(await lying.file("0012-PHOTO.jpg")).toBe("damaged")
  expect(await failure(await zip([chat({ says: { size: 10 } })]))).toBe("damaged_archive")
})

test("no bytes throw", async () => {
  const whole = await zip([chat(), photo()])
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
      const bytes = whole.slice()
      bytes[at] = byte
      const found = await read(bytes)
      if (found.ok) await found.value.file("0012-PHOTO.jpg")
    }),
  )
})

test("the sum is the one that archives have", () => {
  expect(crc32(utf8("123456789"))).toBe(0xcbf43926)
})
