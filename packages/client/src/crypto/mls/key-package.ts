/** Key packages: made by a device for itself, stored by the server, used once (or until rotated, the last-resort one). */

import { readMessage } from "@teahouse/judge/message.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import { encodeMlsMessage, generateKeyPackageWithKey, type KeyPackage, type PrivateKeyPackage } from "ts-mls"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import type { Device, NewKeyPackage } from "../port.ts"
import { suite } from "../suite.ts"
import { capabilities } from "./config.ts"

export type OwnKeyPackage = { readonly publicPackage: KeyPackage; readonly privatePackage: PrivateKeyPackage }

export async function makeKeyPackage(
  device: Device,
  lifetime: { notBefore: number; notAfter: number },
): Promise<OwnKeyPackage> {
  const credential = { credentialType: "basic" as const, identity: device.certificate }
  const seconds = (ms: number) => BigInt(Math.floor(ms / 1000))
  const within = { notBefore: seconds(lifetime.notBefore), notAfter: seconds(lifetime.notAfter) }
  const keys = { signKey: device.signature.privateKey, publicKey: device.signature.publicKey }
  return generateKeyPackageWithKey(credential, capabilities, within, [], keys, await suite())
}

export const encodeKeyPackageMessage = (keyPackage: KeyPackage): Uint8Array =>
  encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage })

export async function newKeyPackage(
  device: Device,
  lifetime: { notBefore: number; notAfter: number },
): Promise<NewKeyPackage> {
  const { publicPackage, privatePackage } = await makeKeyPackage(device, lifetime)
  const bytes = encodeKeyPackageMessage(publicPackage)
  const { initPrivateKey, hpkePrivateKey } = privatePackage
  const secret = pack({ bytes, init: initPrivateKey, leaf: hpkePrivateKey })
  return { ref: await makeKeyPackageRef(publicPackage, (await suite()).hash), bytes, secret }
}

export type OpenedKeyPackage = Omit<OwnKeyPackage, "privatePackage"> & {
  readonly initPrivateKey: Uint8Array
  readonly hpkePrivateKey: Uint8Array
}

/** undefined: not something that `newKeyPackage` made. */
export function openKeyPackage(secret: Uint8Array): OpenedKeyPackage | undefined {
  const value = unpack(secret, 16_384)
  if (!value.ok || typeof value.value !== "object" || value.value === null) return undefined
  const { bytes, init, leaf } = value.value as Record<string, unknown>
  if (!(bytes instanceof Uint8Array && init instanceof Uint8Array && leaf instanceof Uint8Array))
    return undefined
  const message = readMessage(bytes, "mls_key_package")
  return message && { publicPackage: message.keyPackage, initPrivateKey: init, hpkePrivateKey: leaf }
}
