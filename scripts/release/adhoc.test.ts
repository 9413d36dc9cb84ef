import { expect, test } from "vitest"
import { readSignature } from "./adhoc.fixture.ts"
import { signAdHoc } from "./adhoc.ts"

/** The least of a program for macOS: two segments, one section, and `room` bytes between the commands and the code. */
function program(room: number): Buffer {
  const commands = 72 + 80 + 72
  const text = 32 + commands + room
  const file = Buffer.alloc(text + 10_001, 7).fill(0, 0, text)
  file.writeUInt32LE(0xfeedfacf, 0)
  file.writeUInt32LE(2, 16)
  file.writeUInt32LE(commands, 20)
  const segment = (at: number, name: string, offset: number, size: number, sections: number) => {
    file.writeUInt32LE(0x19, at)
    file.writeUInt32LE(72 + sections * 80, at + 4)
    file.write(name, at + 8, "latin1")
    file.writeBigUInt64LE(BigInt(offset), at + 40)
    file.writeBigUInt64LE(BigInt(size), at + 48)
    file.writeUInt32LE(sections, at + 64)
  }
  segment(32, "__TEXT", 0, text + 9_000, 1)
  file.writeUInt32LE(text, 32 + 72 + 48)
  segment(32 + 72 + 80, "__LINKEDIT", text + 9_000, 1_001, 0)
  return file
}

test("every page is in the signature, the changed head too, and the last segment holds it", () => {
  const unsigned = program(16)
  const signed = signAdHoc(unsigned, "teahouse")
  const found = readSignature(signed)
  expect(found).toMatchObject({ identifier: "teahouse", flags: 0x2_0002, wrong: 0, end: signed.length })
  expect(found?.pages).toBe(3)
  expect(found?.main).toEqual({ offset: 0, size: unsigned.length - 1_001, flags: 1 })
  const last = 32 + 72 + 80
  expect(Number(signed.readBigUInt64LE(last + 40) + signed.readBigUInt64LE(last + 48))).toBe(signed.length)
  signed[5_000] = 8
  expect(readSignature(signed)?.wrong).toBe(1)
})

test("a file that is not as it should be is refused", () => {
  expect(() => signAdHoc(program(15), "x")).toThrow("room")
  expect(() => signAdHoc(signAdHoc(program(32), "x"), "x")).toThrow("signed already")
  expect(() => signAdHoc(Buffer.concat([program(16), Buffer.alloc(1)]), "x")).toThrow(
    "after the last segment",
  )
  expect(() => signAdHoc(Buffer.alloc(64), "x")).toThrow("no program for macOS")
})
