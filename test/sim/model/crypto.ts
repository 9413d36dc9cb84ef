/**
 * A transparent, deterministic `Crypto` (packages/client/src/crypto/port.ts): the same states and refusals as the real one, and
 * all of it readable. Whatever is random comes from `random`, so that one seed makes one run. Model and MLS pass one suite of
 * tests (packages/client/src/crypto/rooms.contract.ts). Signing up and in by password, and files, are the real ones: no
 * simulated world uses them.
 */
import { passwordCrypto } from "@teahouse/client/crypto/password.ts"
import type { Crypto, KeyPair } from "@teahouse/client/crypto/port.ts"
import { newRecoveryCode, recoveryFrom } from "@teahouse/client/crypto/recovery.ts"
import { safetyNumber } from "@teahouse/client/crypto/safety-number.ts"
import { fileCrypto } from "@teahouse/client/crypto/stream.ts"
import { concat, u32, u64, utf8 } from "@teahouse/protocol/bytes.ts"
import { certificateToSign, encodeCertificateContent } from "@teahouse/protocol/certificate.ts"
import { type Id, idBytes, idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { digest, isSigned, opened, publicOf, sealed, signatureOf } from "./bytes.ts"
import { modelJudge } from "./judge.ts"
import { newPackage, openOwn } from "./package.ts"
import { modelRooms } from "./rooms.ts"
import { readPackage } from "./wire.ts"

export type Random = (length: number) => Uint8Array

/** What the real store key is: not to be read out. */
const rawOf = new WeakMap<object, Uint8Array>()
export const modelKey = (raw: Uint8Array): CryptoKey => {
  const key = {}
  rawOf.set(key, raw)
  return key as CryptoKey
}
const bytesOf = (key: CryptoKey): Uint8Array => {
  const raw = rawOf.get(key)
  if (!raw) throw new Error("not a key of this model")
  return raw
}

export function modelCrypto(random: Random): Crypto {
  const pairOf = (privateKey: Uint8Array): KeyPair => ({ privateKey, publicKey: publicOf(privateKey) })
  const newPair = () => pairOf(random(32))
  const sign = (privateKey: Uint8Array, bytes: Uint8Array) => signatureOf(publicOf(privateKey), bytes)
  const place = (name: string, user: Id, more: Uint8Array = new Uint8Array()) =>
    concat(utf8(name), idBytes(user), more)
  const wrap = (name: string) => ({
    seal: async (root: Uint8Array, secret: Uint8Array, user: Id) => sealed(secret, place(name, user), root),
    open: async (wrapped: Uint8Array, secret: Uint8Array, user: Id) =>
      opened(secret, place(name, user), wrapped),
  })
  const [byPassword, byRecovery] = [wrap("root by password"), wrap("root by recovery")]
  const vaultPlace = (user: Id, vault: Uint8Array) => place("vault key", user, vault)
  const amkPlace = (user: Id, generation: number) => place("amk", user, u32(generation))
  const amkToSign = (user: Id, generation: number, key: Uint8Array) => concat(amkPlace(user, generation), key)

  return {
    account: {
      newAccount: async () => ({ root: random(32), uik: newPair(), vault: newPair() }),
      signVaultKey: async (keys, user) => sign(keys.uik.privateKey, vaultPlace(user, keys.vault.publicKey)),
      verifyVaultKey: async (uik, user, vault, signature) =>
        isSigned(uik, vaultPlace(user, vault), signature),
      async issueCertificate(uik, { signatureKey, ...content }) {
        const bytes = encodeCertificateContent({ ...content, uik: uik.publicKey })
        return concat(bytes, sign(uik.privateKey, certificateToSign(bytes, signatureKey)))
      },
      sealKeys: async ({ root, uik, vault }, user) =>
        sealed(root, place("keys", user), concat(uik.privateKey, vault.privateKey)),
      async openKeys(root, user, bytes) {
        const both = opened(root, place("keys", user), bytes)
        if (!both.ok || both.value.length !== 64) return err("unreadable")
        return ok({ root, uik: pairOf(both.value.slice(0, 32)), vault: pairOf(both.value.slice(32)) })
      },
      wrapRoot: byPassword.seal,
      unwrapRoot: byPassword.open,
      newRecoveryCode,
      async recoveryFrom(code, user) {
        const real = await recoveryFrom(code, user)
        return real.ok ? ok({ wrapKey: real.value.wrapKey, signIn: pairOf(real.value.wrapKey) }) : real
      },
      wrapRootForRecovery: (root, { wrapKey }, user) => byRecovery.seal(root, wrapKey, user),
      unwrapRootByRecovery: (wrapped, { wrapKey }, user) => byRecovery.open(wrapped, wrapKey, user),
      async newAmk({ uik }, user, generation) {
        const key = random(32)
        return { generation, key, signature: sign(uik.privateKey, amkToSign(user, generation, key)) }
      },
      verifyAmk: async (uik, user, { generation, key, signature }) =>
        signature !== undefined && isSigned(uik, amkToSign(user, generation, key), signature),
      sealAmk: async ({ uik, vault }, user, { generation, key }) =>
        sealed(
          vault.publicKey,
          amkPlace(user, generation),
          concat(key, sign(uik.privateKey, amkToSign(user, generation, key))),
        ),
      async openAmk({ vault, uik }, user, generation, bytes) {
        const both = opened(vault.publicKey, amkPlace(user, generation), bytes)
        if (!both.ok || both.value.length !== 96) return err("unreadable")
        const [key, signature] = [both.value.slice(0, 32), both.value.slice(32)]
        if (!isSigned(uik.publicKey, amkToSign(user, generation, key), signature)) return err("unreadable")
        return ok({ generation, key, signature })
      },
      async amkKeys({ generation, key }) {
        const of = (name: string) => digest(name, key, generation)
        return {
          generation,
          history: of("history"),
          notebook: of("notebook"),
          notebookNames: of("notebook names"),
          settings: of("settings"),
        }
      },
      safetyNumber,
    },
    password: passwordCrypto({ memory: 8, iterations: 1, parallelism: 1 }),
    device: {
      newSignatureKey: async () => newPair(),
      sign: async (privateKey, bytes) => sign(privateKey, bytes),
      verify: async (publicKey, bytes, signature) => isSigned(publicKey, bytes, signature),
      newKeyPackage: async (device, lifetime) => newPackage(device, lifetime, random),
      checkKeyPackage: (bytes, expect) => modelJudge.keyPackage(bytes, expect),
      async sealToKeyPackage(keyPackage, aad, plaintext) {
        const read = readPackage(keyPackage)
        return read ? ok(sealed(read.init, aad, plaintext)) : err("malformed")
      },
      async openWithKeyPackage(secret, aad, bytes) {
        const own = openOwn(secret)
        return own ? opened(own.read.init, aad, bytes) : err("unreadable")
      },
      newPastKey: newPair,
      sealPast: async (publicKey, aad, plaintext) =>
        publicKey.length === 32 ? ok(sealed(publicKey, aad, plaintext)) : err("malformed"),
      openPast: async (privateKey, aad, bytes) => opened(publicOf(privateKey), aad, bytes),
    },
    sealed: {
      newKey: () => random(32),
      randomBytes: random,
      seal: async (key, aad, plaintext) => sealed(key, aad, plaintext),
      open: async (key, aad, bytes) => opened(key, aad, bytes),
      sealWith: async (key, aad, plaintext) => sealed(bytesOf(key), aad, plaintext),
      openWith: async (key, aad, bytes) => opened(bytesOf(key), aad, bytes),
      notebookId: async (keys, name) => digest("notebook id", keys.notebookNames, name),
      sealNotebook: async (keys, at, plaintext) =>
        sealed(keys.notebook, concat(idBytes(at.user), at.record, u64(at.version)), plaintext),
      openNotebook: async (keys, at, bytes) =>
        opened(keys.notebook, concat(idBytes(at.user), at.record, u64(at.version)), bytes),
      sealProfile: async (key, user, version, plaintext) =>
        sealed(key, concat(idBytes(user), u64(version)), plaintext),
      openProfile: async (key, user, version, bytes) =>
        opened(key, concat(idBytes(user), u64(version)), bytes),
      sealHistory: async (keys, at, plaintext) => sealed(keys.history, historyPlace(at), plaintext),
      openHistory: async (keys, at, bytes) => opened(keys.history, historyPlace(at), bytes),
    },
    file: fileCrypto,
    link: {
      keys: (room, secret) => ({
        id: idFrom(digest("link id", secret, idBytes(room)).slice(0, 16)),
        signature: pairOf(digest("link key", secret, idBytes(room))),
        preview: digest("link preview", secret, idBytes(room)),
      }),
    },
    room: modelRooms(modelJudge, random),
  }
}

const historyPlace = (at: { user: Id; room: Id; incarnation: number; number: number; version: number }) =>
  concat(idBytes(at.user), idBytes(at.room), u32(at.incarnation), u64(at.number), u64(at.version))
