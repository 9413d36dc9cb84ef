/**
 * A bot's token: one text that its owner hands to the program. 80 bytes as base64url (107 characters):
 *
 *   32  by which the house lets the bot register, once
 *   16  the owner's user id: the bot takes nobody else's word for who owns it
 *   32  the bot's password, made at the owner's device
 *
 * The house makes the first part and never sees the last, so it can open nothing of the bot's. Rejected: the house's token alone as
 * the password, which would have told the house what the bot's keys are wrapped under.
 */
import { concat, fromBase64url, toBase64url } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"

export type BotToken = { readonly admission: Uint8Array; readonly owner: Id; readonly secret: Uint8Array }

const BYTES = 80

export const encodeBotToken = ({ admission, owner, secret }: BotToken): string =>
  toBase64url(concat(admission, idBytes(owner), secret))

/** Undefined where it is none. White space around it does not count. */
export function decodeBotToken(text: string): BotToken | undefined {
  const bytes = fromBase64url(text.trim())
  if (bytes?.length !== BYTES) return undefined
  return { admission: bytes.slice(0, 32), owner: idFrom(bytes.slice(32, 48)), secret: bytes.slice(48) }
}

/** As the account's password. */
export const passwordOf = ({ secret }: BotToken): string => toBase64url(secret)
