/**
 * Under which identity the house has somebody now, held against the one that is pinned (SECURITY R1). A room's tree shows nobody under
 * another key before somebody who may has brought them in, so a friend who began anew would never be seen: their devices are looked at
 * where their chat is opened. Only certificates that the new key itself has signed count, and where any device still has the pinned
 * identity, it is theirs.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { decodeCertificate } from "@teahouse/protocol/certificate.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { verifyCertificate } from "@teahouse/protocol/signature.ts"
import type { Device } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import type { People } from "./people.ts"

export type OfferParts = {
  readonly call: Call
  readonly me: Pick<Device, "house">
  readonly people: Pick<People, "pinned" | "offer">
}

export async function lookAt({ call, me, people }: OfferParts, user: Id): Promise<void> {
  const pinned = people.pinned(user)
  if (!pinned) return
  const listed = await call("listDevices", { params: { user } })
  if (!listed.ok) return
  const found = []
  for (const { device, certificate, signatureKey } of listed.value.devices) {
    const read = decodeCertificate(certificate)
    const theirs = read?.house === me.house && read.user === user && read.device === device
    if (theirs && (await verifyCertificate(read, signatureKey))) found.push(read)
  }
  const newest = found.at(-1)
  const same = found.some(({ uik }) => sameBytes(uik, pinned))
  if (newest) await people.offer(user, same ? undefined : { uik: newest.uik, username: newest.username })
}
