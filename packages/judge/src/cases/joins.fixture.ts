/** People who come by a link, and what a member with a link could try. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { type JoinClaim, type JoinProof, joinToSign } from "@teahouse/protocol/join-proof.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"
import { emptyPskIndex, processPublicMessage } from "ts-mls"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import { policyAfter } from "../joins.ts"
import { readMessage } from "../message.ts"
import { suite } from "../suite.ts"
import { bobForges, type HostileCase, type World } from "./case.fixture.ts"
import { type Forgery, forge } from "./forge.fixture.ts"
import type { TestLink } from "./rooms.fixture.ts"
import {
  add,
  capabilities,
  commit,
  device,
  endless,
  joinData,
  keyPackage,
  person,
  remove,
  setPolicy,
  type TestDevice,
  type View,
} from "./world.fixture.ts"

/** eve's request, honest but for `lie`; `spent`: the policy after it. */
export async function join(
  room: Id,
  link: TestLink,
  eve: TestDevice,
  lie: Partial<JoinClaim & Pick<JoinProof, "signature">> = {},
  lifetime = endless,
) {
  const made = await keyPackage(eve, capabilities, lifetime)
  const cs = await suite()
  const keyPackageRef = await makeKeyPackageRef(made.publicPackage, cs.hash)
  const claim = { room, link: link.id, user: eve.user, uik: eve.uik, keyPackageRef, ...lie }
  const signature = lie.signature ?? (await cs.signature.sign(link.signKey, joinToSign(claim)))
  const proof: JoinProof = { link: link.id, keyPackageRef, signature }
  return { made, proof }
}

const spent = (policy: RoomPolicy, ...links: readonly TestLink[]) =>
  setPolicy(
    policyAfter(
      policy,
      links.map(({ id }) => ({ link: id })),
    ),
  )

/** bob forges after the owner has changed the policy. */
const afterOwner =
  (
    change: (policy: RoomPolicy) => RoomPolicy,
    make: (w: World, bob: View, policy: RoomPolicy) => Promise<{ commit: Uint8Array }>,
  ): HostileCase["make"] =>
  async (w) => {
    const { owner, bob, room } = w.group
    const policy = change(w.group.policy)
    const said = await commit(owner.mls, [setPolicy(policy)])
    const message = readMessage(said.commit, "mls_public_message")
    if (!message) throw new Error("not a commit")
    const cs = await suite()
    const after = await processPublicMessage(bob.mls, message.publicMessage, emptyPskIndex, cs)
    const made = await make(w, { ...bob, mls: after.newState }, policy)
    return { room, before: said.groupInfo, victim: { ...owner, mls: said.next }, commit: made.commit }
  }

async function joins(
  w: World,
  link: TestLink,
  lie: Parameters<typeof join>[3] = {},
  next?: RoomPolicy,
): Promise<Forgery> {
  const { made, proof } = await join(w.group.room, link, await device(await person("eve")), lie)
  const policy = next ? setPolicy(next) : spent(w.group.policy, link)
  return { proposals: [add(made), policy], data: joinData([proof]) }
}

export const joinCases: readonly HostileCase[] = [
  {
    name: "a join request signed for another room",
    expect: "join_forbidden",
    make: bobForges((w) => joins(w, w.group.links.open, { room: w.direct.room })),
  },
  {
    name: "a join request signed with another link's key",
    expect: "join_forbidden",
    make: bobForges((w) => {
      const { open, approval } = w.group.links
      return joins(w, { ...open, signKey: approval.signKey })
    }),
  },
  {
    name: "a join request for a link that was revoked",
    expect: "join_forbidden",
    make: bobForges(async (w) => {
      const gone = { ...w.group.links.open, id: (await person("nobody")).user }
      return joins(w, gone)
    }),
  },
  {
    name: "a join request by a link that is used up",
    expect: "join_forbidden",
    make: bobForges((w) => joins(w, w.group.links.usedUp, {}, w.group.policy)),
  },
  {
    name: "two people by a link that has one use left",
    expect: "join_forbidden",
    make: bobForges(async (w) => {
      const { open } = w.group.links
      const both = await Promise.all(
        ["eve", "fred"].map(async (name) => join(w.group.room, open, await device(await person(name)))),
      )
      return {
        proposals: [...both.map(({ made }) => add(made)), setPolicy({ ...w.group.policy })],
        data: joinData(both.map(({ proof }) => proof)),
      }
    }),
  },
  {
    name: "a link for admins to answer, answered by a plain member",
    expect: "join_forbidden",
    make: bobForges((w) => joins(w, w.group.links.approval)),
  },
  {
    name: "a join request of somebody else, with the committer's friend in the add",
    expect: "join_forbidden",
    make: bobForges(async (w) => {
      const { open } = w.group.links
      const { proof } = await join(w.group.room, open, await device(await person("eve")))
      const friend = await keyPackage(await device(await person("fred")))
      return { proposals: [add(friend), spent(w.group.policy, open)], data: joinData([proof]) }
    }),
  },
  {
    name: "a join request under another identity key than the add's",
    expect: "join_forbidden",
    make: bobForges(async (w) => joins(w, w.group.links.open, { uik: (await person("eve")).uik })),
  },
  {
    name: "a join request that is replayed while the person is in the group",
    expect: "join_forbidden",
    make: bobForges(async (w) => {
      const { open } = w.group.links
      const second = await device(w.group.people.carol)
      const { made, proof } = await join(w.group.room, open, second)
      return { proposals: [add(made), spent(w.group.policy, open)], data: joinData([proof]) }
    }),
  },
  {
    name: "somebody let in by a link whose use is not counted",
    expect: "policy_forbidden",
    make: bobForges(async (w) => {
      const { made, proof } = await join(w.group.room, w.group.links.open, await device(await person("eve")))
      return { proposals: [add(made)], data: joinData([proof]) }
    }),
  },
  {
    name: "a plain member who changes the rules while letting somebody in",
    expect: "policy_forbidden",
    make: bobForges(async (w) => {
      const { policy, links } = w.group
      return joins(w, links.open, {}, { ...policyAfter(policy, [{ link: links.open.id }]), add: "admins" })
    }),
  },
  {
    name: "a plain member who takes a use of a link for nobody",
    expect: "policy_forbidden",
    make: bobForges((w) => ({ proposals: [spent(w.group.policy, w.group.links.open)] })),
  },
  {
    name: "one request and two strangers, where only admins may add",
    expect: "add_forbidden",
    make: afterOwner(
      (policy) => ({ ...policy, add: "admins" }),
      async (w, bob, policy) => {
        const eve = await keyPackage(await device(await person("eve")))
        const { open } = w.group.links
        const { made, proof } = await join(w.group.room, open, await device(await person("fred")))
        const data = joinData([proof])
        return forge(bob, { proposals: [add(made), add(eve), spent(policy, open)], data })
      },
    ),
  },
  {
    name: "somebody who is banned, by a link",
    expect: "add_forbidden",
    make: async (w) => {
      const eve = await device(await person("eve"))
      const { open } = w.group.links
      return afterOwner(
        (policy) => ({ ...policy, bans: [eve.user] }),
        async (_, bob, policy) => {
          const { made, proof } = await join(w.group.room, open, eve)
          return forge(bob, { proposals: [add(made), spent(policy, open)], data: joinData([proof]) })
        },
      )(w)
    },
  },
  {
    name: "a join request in a commit that adds nobody",
    expect: "join_forbidden",
    make: bobForges(async (w) => {
      const { proof } = await join(w.group.room, w.group.links.open, await device(await person("eve")))
      return { proposals: [remove(4), spent(w.group.policy, w.group.links.open)], data: joinData([proof]) }
    }),
  },
]
