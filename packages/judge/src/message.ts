/**
 * MLSMessages, parsed strictly. The library's decoder accepts trailing bytes, lengths that are not minimal and presence
 * octets other than 0 and 1; we accept exactly what the library would write, so that one message is one sequence of bytes.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from "ts-mls"

export type Wireformat = MLSMessage["wireformat"]
export type MessageOf<W extends Wireformat> = Extract<MLSMessage, { wireformat: W }>

/** undefined unless the bytes are exactly one canonical message of this kind. Never throws. */
export function readMessage<W extends Wireformat>(
  bytes: Uint8Array,
  wireformat: W,
): MessageOf<W> | undefined {
  try {
    const decoded = decodeMlsMessage(bytes, 0)
    if (!decoded) return undefined
    const [message, consumed] = decoded
    if (consumed !== bytes.length || message.wireformat !== wireformat) return undefined
    return sameBytes(encodeMlsMessage(message), bytes) ? (message as MessageOf<W>) : undefined
  } catch {
    // The decoder throws on lengths beyond the buffer; whoever sent this is to blame, not we.
    return undefined
  }
}
