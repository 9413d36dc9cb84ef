import { closeSync, openSync, readSync } from "node:fs"
import { expect, test } from "vitest"
import { formatOf, withoutSignature } from "./format.ts"

const PE = 128

/** The least of a PE32+ file: two headers, and at its end `signature` bytes that the fifth directory speaks of. */
function peFile(machine: number, signature: number): Buffer {
  const file = Buffer.alloc(1024 + signature, 7)
  file.fill(0, 0, 1024)
  file.write("MZ", 0, "latin1")
  file.writeUInt32LE(PE, 60)
  file.write("PE\0\0", PE, "latin1")
  file.writeUInt16LE(machine, PE + 4)
  file.writeUInt32LE(signature && 1024, PE + 168)
  file.writeUInt32LE(signature, PE + 172)
  return file
}

test("the program that runs this is of this system", () => {
  const head = Buffer.alloc(4096)
  const file = openSync(process.execPath, "r")
  readSync(file, head, 0, head.length, 0)
  closeSync(file)
  expect(formatOf(head)).toEqual({ system: process.platform, processor: process.arch })
})

test("each format is told by its own marks, and what is none of them is nothing", () => {
  const elf = Buffer.alloc(64)
  elf.write("\x7fELF", 0, "latin1")
  elf.writeUInt16LE(183, 18)
  expect(formatOf(elf)).toEqual({ system: "linux", processor: "arm64" })
  const mach = Buffer.alloc(64)
  mach.writeUInt32LE(0xfeedfacf, 0)
  mach.writeUInt32LE(0x0100000c, 4)
  expect(formatOf(mach)).toEqual({ system: "darwin", processor: "arm64" })
  expect(formatOf(peFile(0x8664, 0))).toEqual({ system: "win32", processor: "x64" })
  elf.writeUInt16LE(8, 18)
  expect(formatOf(elf)).toBeUndefined()
  expect(formatOf(Buffer.alloc(4096))).toBeUndefined()
  expect(formatOf(Buffer.from("#!/bin/sh\n"))).toBeUndefined()
})

test("Windows' signature goes with what points to it, and the rest stays as it is", () => {
  const signed = peFile(0x8664, 64)
  const bare = withoutSignature(signed)
  expect(bare).toEqual(peFile(0x8664, 0))
  expect(withoutSignature(bare as Buffer)).toBeUndefined()
  // Not at the end: this file is not as Node's are, and nothing is guessed.
  expect(withoutSignature(Buffer.concat([signed, Buffer.alloc(8)]))).toBeUndefined()
  expect(withoutSignature(Buffer.alloc(4096))).toBeUndefined()
})
