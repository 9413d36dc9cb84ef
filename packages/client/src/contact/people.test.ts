/** What two devices of one account think of a person comes together, whichever of them writes first. */
import type { Id } from "@teahouse/protocol/ids.ts"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createChanges } from "../changes.ts"
import type { ContactRecord } from "../content/notebook.ts"
import { createCrypto } from "../crypto/mls-crypto.ts"
import type { Notebook } from "../notebook.ts"
import { contactPage } from "../pages.ts"
import { memoryKeyBox } from "../store/key-box.ts"
import { memoryStores } from "../store/memory.ts"
import { sealedStore } from "../store/sealed.ts"
import { loadPeople } from "./people.ts"

const user = "AAAAAAAAAAAAAAAAAAAAAA" as Id
const key = (fill: number) => new Uint8Array(32).fill(fill)
const record = (more: Partial<ContactRecord>): ContactRecord => ({ v: 1, user, uik: key(1), ...more })

test("of a pinned key the newest decision holds, and without one whoever pinned first", () => {
  const first = record({})
  const other = record({ uik: key(2) })
  expect(contactPage.merge(other, first).uik).toEqual(key(1))
  const decided = record({ uik: key(2), decidedAt: 5 })
  const again = record({ uik: key(3), decidedAt: 9 })
  for (const [mine, theirs, holds] of [
    [decided, first, decided],
    [first, decided, decided],
    [decided, again, again],
    [again, decided, again],
  ] as const)
    expect(contactPage.merge(mine, theirs)).toEqual(holds)
})

test("of marks and decisions the newest counts, in either order, and a remark of the other device stays", () => {
  const time = fc.option(fc.nat(9), { nil: undefined })
  const some = fc.record({ decidedAt: time, markedAt: time, on: fc.boolean(), fill: fc.nat(3) })
  const made = ({ decidedAt, markedAt, on, fill }: typeof some extends fc.Arbitrary<infer T> ? T : never) =>
    record({
      uik: key(fill),
      ...(decidedAt === undefined ? {} : { decidedAt }),
      ...(markedAt === undefined ? {} : { verified: { uik: key(fill), on, at: markedAt } }),
    })
  fc.assert(
    fc.property(some, some, (a, b) => {
      const [mine, theirs] = [made(a), { ...made(b), remark: "茶友", remarkAt: 3 }]
      const both = contactPage.merge(mine, theirs)
      expect(both.decidedAt ?? 0).toBe(Math.max(mine.decidedAt ?? 0, theirs.decidedAt ?? 0))
      expect(both.verified?.at ?? -1).toBe(Math.max(mine.verified?.at ?? -1, theirs.verified?.at ?? -1))
      expect(both.remark).toBe("茶友")
      if ((a.decidedAt ?? 0) !== (b.decidedAt ?? 0))
        expect(both.uik).toEqual(contactPage.merge(theirs, mine).uik)
    }),
  )
})

/** One device's memory, on a notebook that is this variable. */
async function device(page: { now: ContactRecord | undefined }) {
  const crypto = createCrypto()
  const store = sealedStore(
    await memoryStores().open("a"),
    await memoryKeyBox().save("a", crypto.sealed.newKey()),
    crypto.sealed,
  )
  const notebook = {
    get: async () => page.now,
    change: async (_name: string, _page: unknown, edit: (old: typeof page.now) => typeof page.now) => {
      page.now = edit(page.now)
    },
  } as unknown as Notebook
  return loadPeople(store, notebook, createChanges())
}

test("a mark is for the key that was compared: another key is not verified, on no device", async () => {
  const page = { now: undefined as ContactRecord | undefined }
  const [phone, desk] = [await device(page), await device(page)]
  await phone.learn(user, { username: "bo", uik: key(1) })
  await desk.learn(user, { username: "bo", uik: key(1) })
  expect(await desk.verify(user, true, 50)).toBe(true)
  await phone.recall(user)
  expect(phone.verifiedSince(user)).toBe(50)

  await phone.decide(user, key(2), 60)
  expect(phone.pinned(user)).toEqual(key(2))
  expect(phone.verifiedSince(user)).toBeUndefined()
  // What the other device has to say meanwhile does not bring the old key back.
  await desk.share(user)
  expect(page.now?.uik).toEqual(key(2))
  await desk.recall(user)
  expect(desk.pinned(user)).toEqual(key(2))
  expect(desk.verifiedSince(user)).toBeUndefined()

  // The clock of this device is behind; it is the later word all the same.
  await desk.verify(user, true, 1)
  await phone.recall(user)
  expect(phone.verifiedSince(user)).toBe(51)
  await phone.verify(user, false, 2)
  await desk.recall(user)
  expect(desk.verifiedSince(user)).toBeUndefined()
})

test("nobody is verified whose key was never seen", async () => {
  const people = await device({ now: undefined })
  await people.learn(user, { username: "bo" })
  expect(await people.verify(user, true, 1)).toBe(false)
})
