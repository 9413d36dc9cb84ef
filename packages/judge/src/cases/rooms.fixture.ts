/** Two rooms for the hostile cases: a group of four people with five devices, and a private room of two. */

import type { Id } from "@teahouse/protocol/ids.ts"
import { directPolicy, groupPolicy, type JoinLink, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import { emptyPskIndex, joinGroup } from "ts-mls"
import { readMessage } from "../message.ts"
import { suite } from "../suite.ts"
import {
  add,
  commit,
  credulous,
  device,
  groupInfoOf,
  id,
  keyPackage,
  openRoom,
  person,
  setPolicy,
  type TestDevice,
  type View,
} from "./world.fixture.ts"

export type TestRoom = { readonly room: Id; readonly policy: RoomPolicy; readonly groupInfo: Uint8Array }

async function populate(
  creator: TestDevice,
  policy: RoomPolicy,
  others: readonly TestDevice[],
  then?: RoomPolicy,
) {
  const room = id()
  const opened = await openRoom(creator, room, policy)
  const packages = await Promise.all(others.map((d) => keyPackage(d)))
  const proposals = packages.map(add)
  const made = await commit(opened.mls, then ? [...proposals, setPolicy(then)] : proposals)
  const groupInfo = await groupInfoOf(made.next)
  const welcome = made.welcome && readMessage(made.welcome, "mls_welcome")?.welcome
  if (!welcome) throw new Error("no welcome")
  const cs = await suite()
  const views = await Promise.all(
    packages.map(async (kp, i): Promise<View> => {
      const { publicPackage, privatePackage } = kp
      const tree = made.next.ratchetTree
      const mls = await joinGroup(
        welcome,
        publicPackage,
        privatePackage,
        emptyPskIndex,
        cs,
        tree,
        undefined,
        credulous,
      )
      return { device: others[i] as TestDevice, mls }
    }),
  )
  const first: View = { device: creator, mls: made.next }
  return { room, policy: then ?? policy, groupInfo, views: [first, ...views] }
}

/** What a member of the group may know: the private half comes from the URL. */
export type TestLink = JoinLink & { readonly signKey: Uint8Array }

async function joinLink(more: Partial<JoinLink> = {}): Promise<TestLink> {
  const { publicKey, signKey } = await (await suite()).signature.keygen()
  return { id: id(), key: publicKey, expires: 4_000_000_000_000, uses: 1, approval: false, signKey, ...more }
}

/** Owner alice (two devices, leaves 0 and 1), member bob (2), member carol (3), admin dave (4). */
export async function groupRoom() {
  const [alice, bob, carol, dave] = await Promise.all([
    person("alice"),
    person("bob"),
    person("carol"),
    person("dave"),
  ])
  const [a1, a2, b1, c1, d1] = await Promise.all([alice, alice, bob, carol, dave].map((p) => device(p)))
  if (!a1 || !a2 || !b1 || !c1 || !d1) throw new Error()
  const plain = groupPolicy(alice.user)
  const links = {
    open: await joinLink(),
    approval: await joinLink({ approval: true }),
    usedUp: await joinLink({ uses: 0 }),
  }
  const made = await populate(a1, plain, [a2, b1, c1, d1], {
    ...plain,
    admins: [dave.user],
    links: Object.values(links).map(({ signKey: _, ...link }) => link),
  })
  const [va1, va2, vb1, vc1, vd1] = made.views
  if (!va1 || !va2 || !vb1 || !vc1 || !vd1) throw new Error()
  return {
    ...made,
    people: { alice, bob, carol, dave },
    links,
    owner: va1,
    ownersSecond: va2,
    bob: vb1,
    carol: vc1,
    admin: vd1,
  }
}

/** alice (leaf 0) and bob (leaf 1). */
export async function directRoom() {
  const [alice, bob] = await Promise.all([person("alice"), person("bob")])
  const [a1, b1] = await Promise.all([device(alice), device(bob)])
  const made = await populate(a1, directPolicy(alice.user, bob.user), [b1])
  const [va, vb] = made.views
  if (!va || !vb) throw new Error()
  return { ...made, people: { alice, bob }, alice: va, bob: vb }
}
