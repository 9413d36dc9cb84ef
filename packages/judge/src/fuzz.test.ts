/** Whatever bytes arrive, the judge answers; it never throws into the server's event loop. */
import fc from "fast-check"
import { encodeMlsMessage, generateKeyPackageWithKey, type Proposal } from "ts-mls"
import { expect, test } from "vitest"
import { forge } from "./cases/forge.fixture.ts"
import { groupRoom } from "./cases/rooms.fixture.ts"
import {
  add,
  capabilities,
  commit,
  device,
  house,
  keyPackage,
  noData,
  person,
  remove,
  setPolicy,
} from "./cases/world.fixture.ts"
import { type Advance, judgeCommit } from "./commit.ts"
import { judgeGroupInfo, judgeWelcome } from "./group-info.ts"
import { judgeKeyPackage } from "./key-package.ts"
import { openRoomState } from "./open.ts"
import { suite } from "./suite.ts"

const world = await groupRoom()
const place = { house, room: world.room, generation: 0 }
const opened = await openRoomState(world.groupInfo, place)
if (!opened.ok) throw new Error(opened.error)
const state = opened.value
const guest = await device(await person("guest"))
const kp = await keyPackage(guest)
const made = await commit(world.owner.mls, [add(kp), remove(2)])
const judged = await judgeCommit(state, made.commit)
if (!judged.ok) throw new Error(judged.error)
const advance: Advance = judged.value
const packageBytes = encodeMlsMessage({
  version: "mls10",
  wireformat: "mls_key_package",
  keyPackage: kp.publicPackage,
})

const edit = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  byte: fc.integer({ min: 0, max: 255 }),
  cut: fc.integer({ min: 0, max: 3 }),
})

function spoilt(bytes: Uint8Array, edits: readonly { at: number; byte: number; cut: number }[]): Uint8Array {
  let out = bytes.slice()
  for (const { at, byte, cut } of edits) {
    const i = Math.floor(at * out.length)
    if (cut === 1) out = out.slice(0, i)
    else if (cut === 2) out = Uint8Array.from([...out.subarray(0, i), byte, ...out.subarray(i)])
    else if (cut === 3) out = Uint8Array.from([...out.subarray(0, i), ...out.subarray(i + 1 + (byte % 8))])
    else out[i] = byte
  }
  return out
}

test("spoilt bytes: always an answer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const answers = [
        await judgeCommit(state, spoilt(made.commit, edits)),
        await judgeGroupInfo(advance, spoilt(made.groupInfo, edits)),
        judgeWelcome(advance, spoilt(made.welcome ?? new Uint8Array(), edits)),
        await openRoomState(spoilt(world.groupInfo, edits), place),
        await openRoomState(spoilt(world.groupInfo, edits), place, { trusted: true }),
        await judgeKeyPackage(spoilt(packageBytes, edits), { house, user: guest.user, now: Date.now() }),
      ]
      for (const answer of answers) expect(typeof answer.ok).toBe("boolean")
    }),
    { numRuns: 300 },
  )
})

test("noise: always refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      expect(await judgeCommit(state, bytes)).toEqual({ ok: false, error: "malformed" })
      expect(await openRoomState(bytes, place)).toEqual({ ok: false, error: "malformed" })
      expect(await judgeKeyPackage(bytes, { house, user: guest.user, now: 0 })).toEqual({
        ok: false,
        error: "malformed",
      })
    }),
    { numRuns: 300 },
  )
})

test("well-signed nonsense: any proposals by anybody get an answer", async () => {
  const views = [world.owner, world.ownersSecond, world.bob, world.carol, world.admin]
  const proposal: fc.Arbitrary<Proposal> = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map(remove),
    fc.constant(add(kp)),
    fc.constant(setPolicy({ ...world.policy, add: "admins" })),
    fc.constant<Proposal>({ proposalType: "external_init", externalInit: { kemOutput: new Uint8Array(32) } }),
    fc.constant<Proposal>({ proposalType: 0xf00d, proposalData: new Uint8Array(3) }),
  )
  const attempt = fc.record({
    by: fc.constantFrom(...views),
    proposals: fc.array(proposal, { maxLength: 4 }),
    path: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(attempt, async ({ by, proposals, path }) => {
      const own = by.mls.privatePath.leafIndex
      const removesOwn = proposals.some((p) => "remove" in p && p.remove.removed === own)
      const forged = await forge(by, {
        proposals,
        data: noData(),
        ...(path && !removesOwn ? {} : { path: null }),
      })
      expect(typeof (await judgeCommit(state, forged.commit)).ok).toBe("boolean")
    }),
    { numRuns: 150 },
  )
})

test("a key package is judged for its owner, its device, its key and its time", async () => {
  const day = 86_400_000
  const now = Date.now()
  const lasting = async (from: number, to: number) => {
    const made = await generateKeyPackageWithKey(
      { credentialType: "basic", identity: guest.certificate },
      capabilities,
      {
        notBefore: BigInt(Math.floor((now + from * day) / 1000)),
        notAfter: BigInt(Math.floor((now + to * day) / 1000)),
      },
      [],
      { signKey: guest.signKey, publicKey: guest.signatureKey },
      await suite(),
    )
    return encodeMlsMessage({
      version: "mls10",
      wireformat: "mls_key_package",
      keyPackage: made.publicPackage,
    })
  }
  const good = await lasting(-1, 60)
  const expectation = { house, user: guest.user, now }
  const { device: id, signatureKey } = guest
  expect(await judgeKeyPackage(good, { ...expectation, device: id, signatureKey })).toMatchObject({
    ok: true,
  })
  const refused = async (bytes: Uint8Array, more: object) => {
    const answer = await judgeKeyPackage(bytes, { ...expectation, ...more })
    return answer.ok ? "accepted" : answer.error
  }
  expect(await refused(good, { user: world.people.bob.user })).toBe("wrong_sender")
  expect(await refused(good, { device: world.bob.device.device })).toBe("wrong_sender")
  expect(await refused(good, { signatureKey: world.bob.device.signatureKey })).toBe("wrong_sender")
  expect(await refused(good, { house: world.room })).toBe("wrong_house")
  expect(await refused(good, { now: now + 61 * day })).toBe("lifetime")
  expect(await refused(good, { now: now - 2 * day })).toBe("lifetime")
  expect(await refused(await lasting(-1, 200), {})).toBe("lifetime")
})
