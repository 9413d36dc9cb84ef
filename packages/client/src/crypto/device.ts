/** A device's own keys, its key packages, and what others seal to them before they share a room. */
import { judgeKeyPackage } from "@teahouse/judge/key-package.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { hpkeOpen, hpkeSeal } from "./hpke.ts"
import { newEd25519, newX25519, sign, verify } from "./keys.ts"
import { newKeyPackage, openKeyPackage } from "./mls/key-package.ts"
import type { DeviceCrypto } from "./port.ts"

const FIRST_LINE = "sealed to key package"
const PAST = "given past"

export const deviceCrypto: DeviceCrypto = {
  newSignatureKey: async () => newEd25519(),
  sign,
  verify,
  newKeyPackage,
  checkKeyPackage: judgeKeyPackage,
  sealToKeyPackage: async (keyPackage, aad, plaintext) => {
    const message = readMessage(keyPackage, "mls_key_package")
    const sealed = message && (await hpkeSeal(message.keyPackage.initKey, FIRST_LINE, aad, plaintext))
    return sealed ? ok(sealed) : err("malformed")
  },
  openWithKeyPackage: async (secret, aad, sealed) => {
    const own = openKeyPackage(secret)
    return own ? hpkeOpen(own.initPrivateKey, FIRST_LINE, aad, sealed) : err("unreadable")
  },
  newPastKey: newX25519,
  sealPast: async (publicKey, aad, plaintext) => {
    const sealed = await hpkeSeal(publicKey, PAST, aad, plaintext)
    return sealed ? ok(sealed) : err("malformed")
  },
  openPast: (privateKey, aad, sealed) => hpkeOpen(privateKey, PAST, aad, sealed),
}
