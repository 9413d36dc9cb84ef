import { encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { selfPolicy } from "@teahouse/protocol/policy.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { expect, test } from "vitest"
import { mlsCrypto } from "../crypto/mls-crypto.ts"
import { deviceOf, id, person } from "../crypto/people.fixture.ts"
import { freshMeta } from "./fresh.ts"
import { readNotice } from "./read-notice.ts"

test("with a roster, a notice counts only where a leaf of it has signed", async () => {
  const owner = await person("红茶")
  const me = await deviceOf(owner)
  const stranger = await deviceOf(await person("eve"))
  const room = id()
  const { room: group } = await mlsCrypto.room.create(me, room, 0, selfPolicy(owner.user))
  const place = { seq: 1, hash: new Uint8Array(32), incarnation: 1, time: 1 }
  const meta = freshMeta(group, owner.user, place, "open", 1)
  const change = encodeChange({ kind: "frozen" })
  const read = async (by: typeof me, signer: typeof me, roster = true) => {
    const toSign = noticeToSign(room, meta.hash, change)
    const signature = await mlsCrypto.device.sign(signer.signature.privateKey, toSign)
    const body = encodeNotice(change, meta.hash, signature)
    const entry = {
      seq: 2,
      generation: 0,
      kind: 2 as const,
      device: by.device,
      n: 2,
      time: 1,
      body,
      hash: meta.hash,
    }
    const state = { meta, outbox: [], ...(roster ? { group } : {}) }
    return (await readNotice(state, entry, me.house, mlsCrypto)).standing
  }
  expect(await read(me, me)).toBe("frozen")
  expect(await read(me, stranger)).toBeUndefined()
  expect(await read(stranger, stranger)).toBeUndefined()
  // Without one, standing is the house's word.
  expect(await read(stranger, stranger, false)).toBe("frozen")
})

test("a revocation counts only where the account's identity key has signed it", async () => {
  const owner = await person("红茶")
  const [me, lost] = [await deviceOf(owner), await deviceOf(owner)]
  const room = id()
  const { room: group } = await mlsCrypto.room.create(lost, room, 0, selfPolicy(owner.user))
  const place = { seq: 1, hash: new Uint8Array(32), incarnation: 1, time: 1 }
  const meta = freshMeta(group, owner.user, place, "open", 1)
  const change = encodeChange({ kind: "device_revoked", user: owner.user, device: lost.device })
  const read = async (signer: Uint8Array, house = me.house) => {
    const said = revocationBytes(house, owner.user, lost.device)
    const body = encodeNotice(change, meta.hash, await mlsCrypto.device.sign(signer, said))
    const where = { seq: 2, generation: 0, kind: 2 as const, device: lost.device, n: 2, time: 1 }
    const entry = { ...where, body, hash: meta.hash }
    return (await readNotice({ meta, outbox: [], group }, entry, me.house, mlsCrypto)).removal?.device
  }
  expect(await read(owner.keys.uik.privateKey)).toBe(lost.device)
  expect(await read(lost.signature.privateKey)).toBeUndefined()
  expect(await read(owner.keys.uik.privateKey, id())).toBeUndefined()
})
