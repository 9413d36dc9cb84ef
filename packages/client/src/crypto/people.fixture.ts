/** People and devices for tests, made the way the client makes them. */
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { randomBytes } from "./keys.ts"
import { mlsCrypto } from "./mls-crypto.ts"
import type { AccountKeys, Crypto, Device, NewKeyPackage } from "./port.ts"

export const id = (): Id => newId(randomBytes)
export const house = id()
const day = 86_400_000

export type Person = { readonly user: Id; readonly username: string; readonly keys: AccountKeys }
export type TestDevice = Device & { readonly owner: Person }

/** With the keys of this crypto. */
export const peopleOf = (crypto: Crypto) => ({
  person: async (username: string): Promise<Person> => ({
    user: id(),
    username,
    keys: await crypto.account.newAccount(),
  }),
  async deviceOf(owner: Person, device: Id = id(), generation = 0): Promise<TestDevice> {
    const signature = await crypto.device.newSignatureKey()
    const { user, username } = owner
    const request = {
      house,
      user,
      device,
      generation,
      username,
      kind: "person" as const,
      signatureKey: signature.publicKey,
    }
    const certificate = await crypto.account.issueCertificate(owner.keys.uik, request)
    return { owner, house, user, device, certificate, signature }
  },
  keyPackageOf: (device: Device): Promise<NewKeyPackage> =>
    crypto.device.newKeyPackage(device, { notBefore: Date.now() - day, notAfter: Date.now() + 60 * day }),
})

export const { person, deviceOf, keyPackageOf } = peopleOf(mlsCrypto)

export const noData = encodeCommitData({ seen: { seq: 0, hash: new Uint8Array(32) }, proofs: [] })

export function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(`expected success: ${JSON.stringify(result.error)}`)
  return result.value
}
