/** The line of a friend request: sealed to each device of the person asked, opened before anything is accepted. */
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import type { FriendRequest } from "@teahouse/protocol/http/contact.ts"
import type { ClaimedKeyPackage } from "@teahouse/protocol/http/device.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import { lastResorts } from "../account/key-packages.ts"
import {
  decodeFirstLine,
  decodeSigned,
  encodeFirstLine,
  encodeSigned,
  type FirstLine,
  firstLinePlace,
  firstLineToSign,
} from "../content/first-line.ts"
import type { Crypto, Device } from "../crypto/port.ts"
import type { SealedStore } from "../store/sealed.ts"

export async function sealLines(
  crypto: Crypto,
  me: Device,
  room: Id,
  packages: readonly ClaimedKeyPackage[],
  asked: Id,
  line: Omit<FirstLine, "v">,
): Promise<{ device: Id; sealed: Uint8Array }[]> {
  const lines = []
  const aad = firstLinePlace(room, me.user, asked, me.device)
  const said = encodeFirstLine(line)
  const signature = await crypto.device.sign(me.signature.privateKey, firstLineToSign(aad, said))
  const signed = encodeSigned(said, signature)
  for (const { device, keyPackage } of packages) {
    const sealed = await crypto.device.sealToKeyPackage(keyPackage, aad, signed)
    if (sealed.ok) lines.push({ device, sealed: sealed.value })
  }
  return lines
}

/** undefined where there is none for this device, it cannot be read, or the asking device did not say it. */
export async function openLine(
  store: SealedStore,
  crypto: Crypto,
  me: Device,
  request: FriendRequest,
): Promise<FirstLine | undefined> {
  const { line, from } = request
  if (!line || !from || !(await identityOf(me, request))) return undefined
  const aad = firstLinePlace(request.room, request.user, me.user, from.device)
  for (const { secret } of await lastResorts(store)) {
    const opened = await crypto.device.openWithKeyPackage(secret, aad, line)
    if (!opened.ok) continue
    const signed = decodeSigned(opened.value)
    if (!signed) return undefined
    const toSign = firstLineToSign(aad, signed.line)
    const good = await crypto.device.verify(from.signatureKey, toSign, signed.signature)
    return good ? decodeFirstLine(signed.line) : undefined
  }
  return undefined
}

/** Who asks, from the asking device's certificate; undefined where that is not in order. */
export async function identityOf(
  me: Device,
  request: FriendRequest,
): Promise<{ readonly uik: Uint8Array; readonly username: string } | undefined> {
  const certificate = request.from && decodeCertificate(request.from.certificate)
  if (!certificate || !request.from) return undefined
  const fits =
    certificate.house === me.house &&
    certificate.user === request.user &&
    certificate.device === request.from.device
  return fits && (await verifyCertificate(certificate, request.from.signatureKey))
    ? { uik: certificate.uik, username: certificate.username }
    : undefined
}
