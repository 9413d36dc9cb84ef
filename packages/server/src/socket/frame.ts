/**
 * A WebSocket frame from the server (RFC 6455 section 5.2): final, binary, not masked, not compressed. Made once for all
 * who get it, because a library that is given the same payload 500 times makes 500 headers and twice as many writes.
 */
export function wsFrame(payload: Uint8Array): Buffer {
  const { length } = payload
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = 0x82
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(length, 6)
  }
  frame.set(payload, header)
  return frame
}
