/** Small readers and writers over bytes that came from anywhere: reading past the end gives undefined, never an exception. */
export const u16 = (b: Uint8Array, at: number): number | undefined =>
  at + 2 <= b.length ? ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0) : undefined

export const u32 = (b: Uint8Array, at: number): number | undefined =>
  at + 4 <= b.length ? ((u16(b, at) ?? 0) * 0x10000 + (u16(b, at + 2) ?? 0)) >>> 0 : undefined

export const u16le = (b: Uint8Array, at: number): number | undefined =>
  at + 2 <= b.length ? (b[at] ?? 0) | ((b[at + 1] ?? 0) << 8) : undefined

export const u24le = (b: Uint8Array, at: number): number | undefined =>
  at + 3 <= b.length ? (u16le(b, at) ?? 0) | ((b[at + 2] ?? 0) << 16) : undefined

export const u32le = (b: Uint8Array, at: number): number | undefined =>
  at + 4 <= b.length ? ((u16le(b, at) ?? 0) + (u16le(b, at + 2) ?? 0) * 0x10000) >>> 0 : undefined

export const latin1 = (b: Uint8Array, at: number, length: number): string => {
  let text = ""
  for (let i = at; i < Math.min(at + length, b.length); i++) text += String.fromCharCode(b[i] ?? 0)
  return text
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
