/** What kind of executable a file is, by its first bytes; and Windows' signature, taken off before the file is changed. */
import type { Target } from "./targets.ts"

type Format = Pick<Target, "system" | "processor">

const ELF = 0x7f454c46
const MACH_O_64 = 0xcffaedfe
const PE_SIGNATURE = 0x00004550
const processors = {
  elf: new Map<number, Format["processor"]>([
    [62, "x64"],
    [183, "arm64"],
  ]),
  macho: new Map<number, Format["processor"]>([
    [0x01000007, "x64"],
    [0x0100000c, "arm64"],
  ]),
  pe: new Map<number, Format["processor"]>([
    [0x8664, "x64"],
    [0xaa64, "arm64"],
  ]),
}

export function formatOf(head: Buffer): Format | undefined {
  const of = (system: Format["system"], processor: Format["processor"] | undefined) =>
    processor && { system, processor }
  if (head.length < 64) return undefined
  if (head.readUInt32BE(0) === ELF) return of("linux", processors.elf.get(head.readUInt16LE(18)))
  if (head.readUInt32BE(0) === MACH_O_64) return of("darwin", processors.macho.get(head.readUInt32LE(4)))
  const pe = peHeader(head)
  return pe === undefined ? undefined : of("win32", processors.pe.get(head.readUInt16LE(pe + 4)))
}

function peHeader(head: Buffer): number | undefined {
  if (head.toString("latin1", 0, 2) !== "MZ") return undefined
  const at = head.readUInt32LE(60)
  return at + 24 <= head.length && head.readUInt32LE(at) === PE_SIGNATURE ? at : undefined
}

/** In the optional header of PE32+: the directory's fifth entry, whose place is an offset in the file. */
const CERTIFICATES = 24 + 112 + 4 * 8

/**
 * Node's signature is for Node's bytes. Left in, it would stand in the middle of a file for which it is not valid, and what
 * looks at signatures would call the file damaged. `undefined` where there is none.
 */
export function withoutSignature(file: Buffer): Buffer | undefined {
  const pe = peHeader(file)
  if (pe === undefined) return undefined
  const [at, size] = [file.readUInt32LE(pe + CERTIFICATES), file.readUInt32LE(pe + CERTIFICATES + 4)]
  if (at === 0 || at + size !== file.length) return undefined
  const bare = Buffer.from(file.subarray(0, at))
  bare.fill(0, pe + CERTIFICATES, pe + CERTIFICATES + 8)
  return bare
}
