import type { Id } from "@teahouse/protocol/ids.ts"
import { groupPolicy, type RoomPolicy, withPast } from "@teahouse/protocol/policy.ts"
import { expect, test } from "vitest"
import { id } from "../crypto/people.fixture.ts"
import type { RoomMeta } from "./records.ts"
import { afterCommit, afterLoss, inOrder, put } from "./rules-again.ts"

const [lan, bo, mei] = [id(), id(), id()]
const link = (of: Id) => ({
  id: of,
  key: new Uint8Array(32),
  expires: 1,
  uses: 5,
  approval: false,
})

type Commit = { readonly own: boolean; readonly to: (policy: RoomPolicy) => RoomPolicy }
const own = (to: Commit["to"]): Commit => ({ own: true, to })
const others = (to: Commit["to"]): Commit => ({ own: false, to })
const adds = (add: RoomPolicy["add"]) => (policy: RoomPolicy) => ({ ...policy, add })

/** The log of a group of which the house has kept the first `kept` commits, as one device has read it. */
function lost(kept: number, ...commits: readonly Commit[]) {
  let policy = groupPolicy(lan)
  let was = policy
  let known: Pick<RoomMeta, "ruled" | "rules"> = {}
  for (const [i, { own, to }] of commits.entries()) {
    const after = to(policy)
    known = afterCommit(known, { before: policy, after, own, seq: i + 1 })
    policy = after
    if (i + 1 === kept) was = policy
  }
  return { was, policy, known: afterLoss(known, policy, kept) }
}
const again = ({ was, known }: ReturnType<typeof lost>) => inOrder(known.rules ?? []).reduce(put, was)

test("what this device has set in what is lost is to be again as it was", () => {
  const [first, second] = [id(), id()]
  const found = lost(
    1,
    own((policy) => ({ ...policy, admins: [mei], links: [link(first)] })),
    own(adds("admins")),
    own((policy) => withPast(policy, 30)),
    own((policy) => ({ ...policy, links: [link(second)] })),
    own((policy) => ({ ...policy, owner: bo, admins: [mei, lan] })),
    own((policy) => ({ ...policy, admins: [lan] })),
  )
  expect(again(found)).toEqual(found.policy)
  expect(found.known.ruled).toBeUndefined()
})

test("what was kept is not set again, nor what somebody else has set since", () => {
  expect(lost(1, own(adds("admins"))).known.rules).toBeUndefined()
  const overruled = lost(0, own(adds("admins")), others(adds("everyone")))
  expect(overruled.known).toEqual({})
  const another = lost(
    0,
    own((policy) => ({ ...policy, admins: [bo] })),
    others((policy) => ({ ...policy, admins: [bo, mei] })),
  )
  expect(another.known.rules).toEqual([{ of: "admin", user: bo, on: true }])
  // That somebody came in by a link is nobody's word about it.
  const used = lost(
    0,
    own((policy) => ({ ...policy, links: [link(mei)] })),
    others((policy) => ({ ...policy, links: [{ ...link(mei), uses: 4 }] })),
  )
  expect(used.known.rules).toEqual([{ of: "link", id: mei, link: { ...link(mei), uses: 4 } }])
})

test("it is over when it is so, or when somebody has decided since", () => {
  const { was, policy, known } = lost(0, own(adds("admins")))
  expect(known.rules).toHaveLength(1)
  // The device comes in again, and knows no epoch before.
  const back = afterCommit(known, { before: undefined, after: was, own: true, seq: 1 })
  expect(back.rules).toEqual(known.rules)
  const done = afterCommit(back, { before: was, after: policy, own: true, seq: 2 })
  expect(done).toEqual({ ruled: { add: 2 } })
  const closed = others((now) => ({ ...now, add: "admins" }))
  expect(afterCommit(back, { before: was, after: closed.to(was), own: false, seq: 2 })).toEqual({})
  const turned = afterCommit(back, { before: policy, after: was, own: false, seq: 2 })
  expect(turned).toEqual({})
})
