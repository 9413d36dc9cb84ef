import type { Id } from "@teahouse/protocol/ids.ts"
import { idFrom } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { expect, test } from "vitest"
import { createCrypto } from "../crypto/mls-crypto.ts"
import type { Call } from "../http.ts"
import { lookAt } from "./offers.ts"
import type { Offered } from "./people.ts"

const crypto = createCrypto()
const id = (n: number) => idFrom(new Uint8Array(16).fill(n))
const [house, bo, eve] = [id(1), id(2), id(3)]
const [first, second] = [await crypto.account.newAccount(), await crypto.account.newAccount()]

async function device(keys: typeof first, user: Id = bo, n = 4, signer = keys) {
  const { publicKey: signatureKey } = await crypto.device.newSignatureKey()
  const given = { house, user, device: id(n), generation: 1, username: "bo", kind: "person" as const }
  const uik = { ...signer.uik, publicKey: keys.uik.publicKey }
  return {
    device: id(n),
    certificate: await crypto.account.issueCertificate(uik, { ...given, signatureKey }),
    signatureKey,
  }
}
async function offered(devices: unknown[] | undefined) {
  const said: (Offered | undefined)[] = []
  const call = (async () => (devices ? ok({ devices }) : err({ kind: "offline" }))) as unknown as Call
  const people = {
    pinned: () => first.uik.publicKey,
    offer: async (_: Id, one: Offered | undefined) => void said.push(one),
  }
  await lookAt({ call, me: { house }, people }, bo)
  return said
}

test("another identity is what their devices say under its own signature, where none has the pinned one", async () => {
  const anew = { uik: second.uik.publicKey, username: "bo" }
  expect(await offered([await device(second)])).toEqual([anew])
  expect(await offered([await device(first)])).toEqual([undefined])
  // Somebody put a device under a name that still has its own.
  expect(await offered([await device(first), await device(second, bo, 5)])).toEqual([undefined])
})

test("what is not signed, not theirs, or not said changes nothing", async () => {
  expect(await offered(undefined)).toEqual([])
  expect(await offered([])).toEqual([])
  expect(await offered([await device(second, bo, 4, first)])).toEqual([])
  expect(await offered([await device(second, eve)])).toEqual([])
  const { certificate, ...rest } = await device(second)
  expect(await offered([{ ...rest, certificate: certificate.slice(1) }])).toEqual([])
})
