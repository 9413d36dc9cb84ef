/** The group that the matrix is about, with real MLS: who is in it, who was, its link, and its members' own states. */
import { join } from "@teahouse/judge/cases/joins.fixture.ts"
import type { TestLink } from "@teahouse/judge/cases/rooms.fixture.ts"
import {
  add,
  commit,
  credulous,
  groupInfoOf,
  keyPackage,
  noData,
  openRoom,
  remove,
  setPolicy,
  type TestKeyPackage,
} from "@teahouse/judge/cases/world.fixture.ts"
import { readExtensions } from "@teahouse/judge/group-info.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { attestationBytes } from "@teahouse/protocol/attestation.ts"
import { encodeCommitData } from "@teahouse/protocol/commit-data.ts"
import { encodeGeneration } from "@teahouse/protocol/generation.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { type Change, encodeChange, encodeNotice, noticeToSign } from "@teahouse/protocol/notice.ts"
import { groupPolicy, type RoomPolicy } from "@teahouse/protocol/policy.ts"
import {
  type ClientState,
  emptyPskIndex,
  encodeMlsMessage,
  joinGroup,
  joinGroupExternal,
  processPublicMessage,
} from "ts-mls"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import { random, type TestHouse, type TestPerson } from "../http/house.fixture.ts"

type Made = Awaited<ReturnType<typeof commit>>
type Clock = { readonly house: TestHouse; readonly pass: (ms: number) => void; readonly now: () => number }
type Cast = Record<"owner" | "admin" | "member" | "removed" | "disabled", TestPerson>
export type Group = Awaited<ReturnType<typeof growGroup>>

const bundle = ({ commit, groupInfo, welcome }: Made) => ({
  commit,
  groupInfo,
  ...(welcome ? { welcome } : {}),
})

/** `phone` comes in with the others and is gone after `lose`. */
export async function growGroup(
  { house, pass, now }: Clock,
  cast: Cast,
  phone: Pick<TestPerson, "device">,
  lose: () => Promise<void>,
) {
  const { owner, admin, member, removed, disabled } = cast
  const cs = await suite()
  const room = newId(random)
  let policy: RoomPolicy = groupPolicy(owner.person.user)
  const opened = await openRoom(owner.device, room, policy)
  let generation = 0
  /** The states of those who can commit. */
  const views = new Map<string, ClientState>([[owner.name, opened.mls]])
  const viewOf = (who: TestPerson) => views.get(who.name) as ClientState

  const request = { room, n: 1, opening: await groupInfoOf(opened.mls) }
  must(await house.call("createRoom", { token: owner.token, request }))

  const summary = async (token = owner.token) =>
    (await house.call("listRooms", { token })).value.rooms.find((one) => one.room === room)
  const place = async () => {
    const { epoch = 0 } = (await summary()) ?? {}
    return { room, generation, epoch }
  }
  const next = async (who: TestPerson) =>
    (await house.call("lastNumber", { token: who.token, params: { room } })).value.n + 1

  /** The others take over what was accepted. */
  async function follow(made: Made, by: string) {
    for (const [name, state] of views)
      if (name === by) views.set(name, made.next)
      else {
        const message = readMessage(made.commit, "mls_public_message")
        if (!message) throw new Error("not a commit")
        views.set(
          name,
          (await processPublicMessage(state, message.publicMessage, emptyPskIndex, cs)).newState,
        )
      }
  }

  async function post(who: TestPerson, made: Made) {
    const request = { ...(await place()), n: await next(who), ...bundle(made) }
    const { room: _, ...rest } = request
    return house.call("postCommit", { token: who.token, params: { room }, request: rest })
  }

  async function change(proposals: Parameters<typeof commit>[1]) {
    pass(20_000)
    const made = await commit(viewOf(owner), proposals)
    must(await post(owner, made))
    await follow(made, owner.name)
    return made
  }

  async function enter(who: TestPerson, kp: TestKeyPackage, made: Made) {
    const welcome = made.welcome && readMessage(made.welcome, "mls_welcome")?.welcome
    if (!welcome) throw new Error("no welcome")
    const { publicPackage, privatePackage } = kp
    const tree = made.next.ratchetTree
    const mls = await joinGroup(
      ...[welcome, publicPackage, privatePackage, emptyPskIndex, cs, tree, undefined, credulous],
    )
    views.set(who.name, mls)
  }

  policy = { ...policy, admins: [admin.person.user] }
  const comers = [admin, member, removed, { ...phone, name: "phone" } as TestPerson, disabled]
  const packages = await Promise.all(comers.map((one) => keyPackage(one.device)))
  const made = await change([...packages.map(add), setPolicy(policy)])
  for (const [i, who] of [admin, member].entries()) await enter(who, packages[i] as TestKeyPackage, made)

  await lose()
  policy = { ...policy, bans: [removed.person.user] }
  await change([remove(3), remove(4), setPolicy(policy)])

  const { publicKey, signKey } = await cs.signature.keygen()
  const year = 365 * 86_400_000
  const link: TestLink = {
    ...{ id: newId(random), key: publicKey, expires: now() + year, uses: 100, approval: true, signKey },
  }
  const { signKey: _, ...shown } = link
  policy = { ...policy, links: [shown] }
  await change([setPolicy(policy)])
  const params = { room, link: link.id }
  must(await house.call("writeLink", { token: owner.token, params, request: { preview: random(50) } }))

  async function joinRequest(who: TestPerson) {
    const seconds = BigInt(Math.floor(now() / 1000))
    const lifetime = { notBefore: seconds - 86_400n, notAfter: seconds + 86_400n }
    const { made, proof } = await join(room, link, who.device, {}, lifetime)
    const shape = { version: "mls10", wireformat: "mls_key_package", keyPackage: made.publicPackage } as const
    return { keyPackage: encodeMlsMessage(shape), signature: proof.signature }
  }

  return {
    room,
    link: link.id,
    place,
    next,
    summary,
    joinRequest,
    async askToJoin(who: TestPerson) {
      const request = await joinRequest(who)
      const asked = await house.call("requestJoin", { token: who.token, params, request })
      must(asked)
      return asked.value.id
    },

    /** A commit of a member's, or what somebody who is none makes of a GroupInfo that was given to them: an external one. */
    async commitOf(who: TestPerson): Promise<Made> {
      if (views.has(who.name)) return commit(viewOf(who), [])
      const info = readMessage(await groupInfoOf(viewOf(owner)), "mls_group_info")
      if (!info) throw new Error("not a GroupInfo")
      const { publicPackage, privatePackage } = await keyPackage(who.device)
      const made = await joinGroupExternal(
        ...([info.groupInfo, publicPackage, privatePackage, false, cs, undefined, credulous] as const),
        noData(),
      )
      const { publicMessage, newState } = made
      const shape = { version: "mls10", wireformat: "mls_public_message", publicMessage } as const
      const groupInfo = await groupInfoOf(newState)
      return { next: newState, commit: encodeMlsMessage(shape), groupInfo, welcome: undefined }
    },
    follow,

    /** The next generation as `who` would have it: themselves, and all members. */
    async nextGeneration(who: TestPerson) {
      const head = await summary()
      if (!head) throw new Error("no room")
      const { mls } = await openRoom(who.device, room, policy, generation + 1)
      const data = encodeCommitData({ seen: { seq: head.seq, hash: head.hash }, proofs: [] })
      const others = [owner, admin, member, disabled].filter((one) => one.device.device !== who.device.device)
      const adds = await Promise.all(others.map(async (one) => add(await keyPackage(one.device))))
      const made = await commit(mls, adds, data)
      return { body: encodeGeneration({ opening: await groupInfoOf(mls), ...bundle(made) }), made }
    },
    opened(made: Made) {
      generation++
      views.clear()
      views.set(owner.name, made.next)
    },

    async complaint(who: TestPerson) {
      const head = await summary()
      if (!head) throw new Error("no room")
      const change: Change = { kind: "complaint", generation: head.generation, epoch: head.epoch }
      return notice(who, change, head.hash)
    },
    notice,

    /** What `who` sees of the room's state, signed. */
    async attestation(who: TestPerson) {
      const mls = viewOf(owner)
      const info = readMessage(await groupInfoOf(mls), "mls_group_info")
      const external = info && readExtensions(info.groupInfo.extensions)
      if (!external?.ok) throw new Error("not a GroupInfo")
      const { epoch } = await place()
      const content = {
        ...{ generation, epoch },
        context: sha256(encodeGroupContext(mls.groupContext)),
        confirmationTag: info?.groupInfo.confirmationTag ?? random(32),
        externalPub: external.value.externalPub,
      }
      const signature = await cs.signature.sign(who.device.signKey, attestationBytes(room, content))
      return { ...content, device: who.device.device, signature }
    },
  }

  async function notice(who: TestPerson, change: Change, after: Uint8Array, where = room) {
    const bytes = encodeChange(change)
    const signature = await cs.signature.sign(who.device.signKey, noticeToSign(where, after, bytes))
    return encodeNotice(bytes, after, signature)
  }
}

function must(answer: { readonly status: number; readonly refusal: unknown }): void {
  if (answer.status !== 200)
    throw new Error(`the matrix's own room is refused: ${JSON.stringify(answer.refusal)}`)
}
