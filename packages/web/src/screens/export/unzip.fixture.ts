/** A zip file as another program reads it: from its directory, which stands at the end. */
export function unzip(bytes: Uint8Array): Map<string, { text: string; crc: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (from: number, length: number) => new TextDecoder().decode(bytes.subarray(from, from + length))
  const signed = (at: number, signature: number) => {
    if (view.getUint32(at, true) !== signature) throw new Error(`no zip file: at ${at}`)
  }
  const end = bytes.length - 22
  signed(end, 0x06054b50)
  const entries = new Map<string, { text: string; crc: number }>()
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    signed(at, 0x02014b50)
    const [crc, size, nameLength, local] = [
      ...[view.getUint32(at + 16, true), view.getUint32(at + 24, true)],
      ...[view.getUint16(at + 28, true), view.getUint32(at + 42, true)],
    ] as [number, number, number, number]
    signed(local, 0x04034b50)
    entries.set(text(at + 46, nameLength), { text: text(local + 30 + nameLength, size), crc })
    at += 46 + nameLength
  }
  if (at !== end) throw new Error("the directory does not reach the end")
  return entries
}
