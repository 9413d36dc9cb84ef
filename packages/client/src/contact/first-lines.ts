/** The line of a friend request: sealed to each device of the person asked, opened before anything is accepted. */
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import type { FriendRequest } from "@teahouse/protocol/http/contact.ts"
import type { ClaimedKeyPackage } from "@teahouse/protocol/http/device.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import { lastResorts } from "../account/key-packages.ts"
import { decodeFirstLine, encodeFirstLine, type FirstLine, firstLinePlace } from "../content/first-line.ts"
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
  for (const { device, keyPackage } of packages) {
    const aad = firstLinePlace(room, me.user, asked, me.device)
    const sealed = await crypto.device.sealToKeyPackage(keyPackage, aad, encodeFirstLine(line))
    if (sealed.ok) lines.push({ device, sealed: sealed.value })
  }
  return lines
}

/** undefined where there is none for this device, or it cannot be read. */
export async function openLine(
  store: SealedStore,
  crypto: Crypto,
  me: Device,
  request: FriendRequest,
): Promise<FirstLine | undefined> {
  const { line, from } = request
  if (!line || !from) return undefined
  const aad = firstLinePlace(request.room, request.user, me.user, from.device)
  for (const { secret } of await lastResorts(store)) {
    const opened = await crypto.device.openWithKeyPackage(secret, aad, line)
    if (opened.ok) return decodeFirstLine(opened.value)
  }
  return undefined
}

/** The identity key of who asks, from the asking device's certificate; undefined where that is not in order. */
export async function identityOf(me: Device, request: FriendRequest): Promise<Uint8Array | undefined> {
  const certificate = request.from && decodeCertificate(request.from.certificate)
  if (!certificate || !request.from) return undefined
  const fits = certificate.house === me.house && certificate.user === request.user
  return fits && (await verifyCertificate(certificate, request.from.signatureKey))
    ? certificate.uik
    : undefined
}
