/** Key packages of the model, and what is sealed to them. */
import type { Device, NewKeyPackage } from "@teahouse/client/crypto/port.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { signatureOf, unpacked } from "./bytes.ts"
import { type KeyPackage, packageToSign, readPackage, refOf } from "./wire.ts"

export function newPackage(
  device: Device,
  lifetime: { readonly notBefore: number; readonly notAfter: number },
  random: (length: number) => Uint8Array,
): NewKeyPackage {
  const made: Omit<KeyPackage, "signature"> = {
    t: "package",
    enc: random(32),
    cert: device.certificate,
    key: device.signature.publicKey,
    init: random(32),
    notBefore: Math.floor(lifetime.notBefore / 1000),
    notAfter: Math.floor(lifetime.notAfter / 1000),
  }
  const bytes = pack({ ...made, signature: signatureOf(made.key, packageToSign(made)) })
  return { ref: refOf(bytes), bytes, secret: pack({ t: "own package", bytes }) }
}

export function openOwn(secret: Uint8Array) {
  const own = unpacked<{ readonly bytes: Uint8Array }>(secret, "own package")
  const read = own && readPackage(own.bytes)
  return own && read && { bytes: own.bytes, read }
}
