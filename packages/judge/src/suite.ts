/**
 * The one cipher suite (RFC 9420 section 17.1: 0x0001) as ts-mls wants it, for judging: WebCrypto for signatures, a
 * synchronous SHA-256, because a judge hashes thousands of short inputs and a promise for each would cost more.
 *
 * Refuses to exist on an unpatched library (patches/ts-mls+1.6.4.patch): valid groups would be called broken.
 */
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type CiphersuiteImpl, getCiphersuiteFromName, getCiphersuiteImpl } from "ts-mls"
import * as pathSecrets from "ts-mls/pathSecrets.js"

export const SUITE = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"

/** The mends are numbered; an install with an older patch file is as little ours as one without. */
const PATCH_LEVEL = 12

export const isPatched = (module: object = pathSecrets): boolean =>
  "PATCH_LEVEL" in module && module.PATCH_LEVEL === PATCH_LEVEL

export function assertPatched(module: object = pathSecrets): void {
  if (isPatched(module)) return
  const repair = "npx patch-package"
  throw new Error(
    `ts-mls 没有打上补丁，程序不能启动；请运行 ${repair}。 / ts-mls is not patched, so nothing starts; run ${repair}.`,
  )
}

// When the module is loaded, so that a server or a client stops before it does anything.
assertPatched()

let impl: Promise<CiphersuiteImpl> | undefined

export function suite(): Promise<CiphersuiteImpl> {
  impl ??= make()
  return impl
}

async function make(): Promise<CiphersuiteImpl> {
  const base = await getCiphersuiteImpl(getCiphersuiteFromName(SUITE))
  return { ...base, hash: { ...base.hash, digest: async (data: Uint8Array) => sha256(data) } }
}
