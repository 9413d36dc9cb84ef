/** Groups of the model: the same steps as packages/client/src/crypto/mls/, with the same refusals, over plain bytes. */

import type {
  Change,
  CommitBundle,
  Device,
  JoinError,
  MakeCommit,
  Room,
  RoomsCrypto,
} from "@teahouse/client/crypto/port.ts"
import type { Advance } from "@teahouse/judge/commit.ts"
import type { Judge } from "@teahouse/judge/judge.ts"
import type { JudgeReason } from "@teahouse/judge/reasons.ts"
import { type Leaf, leafAt, leafOfDevice, type RoomState, usersOf } from "@teahouse/judge/state.ts"
import { concat, readU64, sameBytes, u32, u64 } from "@teahouse/protocol/bytes.ts"
import { groupId } from "@teahouse/protocol/group-id.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { encodePolicy } from "@teahouse/protocol/policy.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { digest, opened, sealed, signatureOf, unpacked } from "./bytes.ts"
import { checkPackage, tagFits } from "./judge.ts"
import type { ModelLeaf } from "./leaf.ts"
import { openMessage, type Ratchet, ratchetDelta, readRatchet, sealMessage, sent } from "./message.ts"
import { openOwn } from "./package.ts"
import {
  type Commit,
  commitToSign,
  contextHashOf,
  contextOf,
  externalPubOf,
  type GroupInfo,
  infoOf,
  leavesOf,
  readCommit,
  readInfo,
  readWelcome,
  refOf,
  secretOf,
  secretsOf,
  stateOf,
  tagOf,
  transcriptAfter,
} from "./wire.ts"

/** What MLS keeps in its secret tree: how far each sender's keys are used up. */
export type Secrets = { readonly ratchets: Readonly<Record<number, Ratchet>> }
const fresh: Secrets = { ratchets: {} }
export const secretsIn = (room: Room): Secrets => room.mls as Secrets
export const roomOf = (judged: RoomState, leaf: number, secrets: Secrets = fresh): Room => {
  const { room, generation, epoch } = judged
  return { room, generation, epoch, leaf, judged, mls: secrets }
}

/** Two people with twenty devices each. */
const DIRECT_LEAVES = 40

const changeOf = (advance: Advance): Change => ({
  epoch: advance.next.epoch,
  by: { user: advance.by.user, device: advance.by.device, leaf: advance.by.leaf },
  external: advance.external,
  added: advance.added,
  removed: advance.removed,
  policyChanged: advance.policyChanged,
  data: advance.dataBytes,
})

const refused = (reason: JudgeReason) => err({ kind: "refused" as const, reason })

export function modelRooms(judge: Judge, random: (length: number) => Uint8Array): RoomsCrypto {
  const leafFor = ({ certificate, signature }: Pick<Device, "certificate" | "signature">): ModelLeaf => ({
    enc: random(32),
    cert: certificate,
    key: signature.publicKey,
  })

  const signed = (state: RoomState, made: Omit<Commit, "signature" | "tag">, key: Uint8Array): Uint8Array => {
    const signature = signatureOf(key, commitToSign(made))
    const whole: Commit = { ...made, signature, tag: new Uint8Array() }
    return pack({ ...whole, tag: tagOf(transcriptAfter(state, whole)) })
  }

  const bundleOf = (commit: Uint8Array, advance: Advance): CommitBundle => {
    const { next, by, welcomes } = advance
    const welcome = {
      t: "welcome" as const,
      refs: welcomes.map(({ keyPackageRef }) => keyPackageRef),
      transcript: contextOf(next).transcript,
      tag: next.confirmationTag,
    }
    return {
      commit,
      groupInfo: pack(infoOf(next, by)),
      welcome: welcomes.length > 0 ? pack(welcome) : undefined,
      welcomes,
      next: roomOf(next, by.leaf),
      change: changeOf(advance),
    }
  }

  const create: RoomsCrypto["create"] = async (device, room, generation, policy) => {
    const info = {
      epoch: 0,
      policy: encodePolicy(policy),
      leaves: [{ leaf: 0, ...leafFor(device) }],
      transcript: new Uint8Array(),
      tag: digest("opening", random(32)),
    }
    const state = stateOf({ house: device.house, room, generation }, info)
    const own = state.ok && leafAt(state.value, 0)
    if (!own) throw new Error("the opening would be refused")
    const opening = pack(infoOf(state.value, own))
    const judged = await judge.open(opening, { house: device.house, room, generation }, { opening: true })
    if (!judged.ok) throw new Error(`the opening would be refused: ${judged.error}`)
    return { room: roomOf(judged.value, 0), opening }
  }

  const commit: RoomsCrypto["commit"] = async (room, what) => {
    const { judged } = room
    const removes: number[] = []
    for (const device of what.remove ?? []) {
      const leaf = leafOfDevice(judged, device)
      if (!leaf || leaf.leaf === room.leaf) return refused("bad_remove")
      removes.push(leaf.leaf)
    }
    const adds = what.add ?? []
    const staying = judged.leaves.filter(({ leaf }) => !removes.includes(leaf))
    for (const bytes of adds) {
      const checked = checkPackage(bytes, 0, judged.house)
      if (!checked.ok) return refused(checked.error)
      // As the library says it.
      if (staying.some(({ device }) => device === checked.value.leaf.device))
        return err({ kind: "unprocessable" })
    }
    const made = makeCommit(room, what, adds, removes)
    const posted = what.readmitted ? { readmitted: what.readmitted } : {}
    const verdict = await judge.commit(judged, made, posted)
    return verdict.ok ? ok(bundleOf(made, verdict.value)) : refused(verdict.error)
  }

  const makeCommit = (
    { judged, leaf }: Room,
    what: MakeCommit,
    adds: readonly Uint8Array[],
    removes: number[],
  ): Uint8Array => {
    const own = leavesOf(judged).find((one) => one.leaf === leaf)
    if (!own) throw new Error("own leaf is missing")
    const onlyAdds = adds.length > 0 && removes.length === 0 && !what.policy
    const path: ModelLeaf = { enc: random(32), cert: what.certificate ?? own.cert, key: own.key }
    const made = {
      t: "commit" as const,
      group: contextOf(judged).groupId,
      epoch: judged.epoch,
      by: leaf,
      adds: [...adds],
      removes,
      ...(what.policy ? { policy: encodePolicy(what.policy) } : {}),
      ...(onlyAdds ? {} : { path, secrets: secretsOf(judged, path) }),
      data: what.data,
    }
    return signed(judged, made, own.key)
  }

  const process: RoomsCrypto["process"] = async (room, bytes, poster) => {
    const verdict = await judge.commit(room.judged, bytes, poster === undefined ? {} : { device: poster })
    if (!verdict.ok) return refused(verdict.error)
    const advance = verdict.value
    const change = changeOf(advance)
    const replaced = advance.removed.some(({ leaf }) => leaf === room.leaf)
    if (replaced && advance.external) return ok({ kind: "removed", change })
    const made = readCommit(bytes)
    const shown = advance.external ? externalPubOf(room.judged) : undefined
    const fits =
      !made?.path ||
      (made.secrets !== undefined && sameBytes(made.secrets, secretsOf(room.judged, made.path, shown)))
    // Whoever is removed has no keys to look at the path with.
    if (!replaced && !(fits && tagFits(advance))) return err({ kind: "unprocessable" })
    if (replaced) return ok({ kind: "removed", change })
    return ok({ kind: "advanced", room: roomOf(advance.next, room.leaf), change })
  }

  const join: RoomsCrypto["join"] = async (input): Promise<Result<Room, JoinError>> => {
    const { device, room, generation } = input
    const welcome = readWelcome(input.welcome)
    if (!welcome) return refused("malformed")
    const own = openOwn(input.keyPackage)
    const ref = own && refOf(own.bytes)
    if (!own || !ref || !welcome.refs.some((one) => sameBytes(one, ref))) return err({ kind: "not_for_us" })
    const state = await judge.open(input.groupInfo, { house: device.house, room, generation })
    if (!state.ok) return refused(state.error)
    const judged = state.value
    if (judged.policy.kind !== "group" && judged.leaves.length > DIRECT_LEAVES) return refused("room_full")
    const leaf = leafOfDevice(judged, device.device)
    if (leaf?.user !== device.user) return refused("welcome_differs")
    const node = leavesOf(judged).find((one) => one.leaf === leaf.leaf)
    if (!node || !sameBytes(node.enc, own.read.enc)) return err({ kind: "unprocessable" })
    const same =
      sameBytes(welcome.transcript, contextOf(judged).transcript) &&
      sameBytes(welcome.tag, judged.confirmationTag)
    return same ? ok(roomOf(judged, leaf.leaf)) : refused("welcome_differs")
  }

  const joinExternally: RoomsCrypto["joinExternally"] = async (input) => {
    const { device, room, generation } = input
    const state = await judge.open(input.groupInfo, { house: device.house, room, generation })
    if (!state.ok) return refused(state.error)
    const judged = state.value
    const info = readInfo(input.groupInfo)
    if (!info) return refused("malformed")
    if (!usersOf(judged.leaves).has(device.user)) return refused("external_forbidden")
    const former = leafOfDevice(judged, device.device)
    if (former && former.user !== device.user) return refused("external_forbidden")
    const path = leafFor(device)
    const made = {
      t: "commit" as const,
      group: info.group,
      epoch: judged.epoch,
      by: -1,
      adds: [],
      removes: former ? [former.leaf] : [],
      path,
      secrets: secretsOf(judged, path, info.externalPub),
      data: input.data,
    }
    const bytes = signed(judged, made, path.key)
    const verdict = await judge.commit(judged, bytes)
    return verdict.ok ? ok(bundleOf(bytes, verdict.value)) : refused(verdict.error)
  }

  return {
    ...{ create, commit, process, join, joinExternally, sealMessage, openMessage },
    groupInfo: async (room) => pack(infoOf(room.judged, ownLeaf(room))),
    async sameGroupInfo({ judged }, bytes) {
      const info = readInfo(bytes)
      return (
        info !== undefined &&
        sameBytes(info.group, contextOf(judged).groupId) &&
        info.epoch === judged.epoch &&
        sameBytes(info.transcript, contextOf(judged).transcript) &&
        sameBytes(info.tag, judged.confirmationTag) &&
        sameBytes(info.externalPub, externalPubOf(judged))
      )
    },
    welcomeRefs(bytes) {
      const welcome = readWelcome(bytes)
      return welcome ? ok(welcome.refs) : err("malformed")
    },
    look: (bytes, house, room, generation) => judge.open(bytes, { house, room, generation }),
    sentUpTo: sent,
    sealEphemeral: async (room, plaintext) =>
      sealed(digest("ephemeral", secretOf(room.judged)), place(room, ownLeaf(room).device), plaintext),
    async openEphemeral(room, device, bytes) {
      if (!leafOfDevice(room.judged, device)) return err("unreadable")
      return opened(digest("ephemeral", secretOf(room.judged)), place(room, device), bytes)
    },
    epochAuthenticator: ({ judged }) => digest("authenticator", secretOf(judged)),
    attestation: async ({ judged }) => ({
      contextHash: contextHashOf(judged),
      confirmationTag: judged.confirmationTag,
      externalPub: externalPubOf(judged),
    }),
    shown(bytes) {
      const info = readInfo(bytes)
      const state = info && stateOf(nowhere, info)
      if (!info || !state?.ok) return undefined
      const contextHash = contextHashOf({ ...state.value, groupContext: shownContext(info) })
      return { contextHash, confirmationTag: info.tag, externalPub: info.externalPub }
    },
    encode,
    decode,
  }
}

const nowhere = { house: "" as Id, room: "AAAAAAAAAAAAAAAAAAAAAA" as Id, generation: 0 }
const shownContext = ({ group, transcript }: GroupInfo): RoomState["groupContext"] =>
  ({ groupId: group, transcript }) as never

const place = (room: Room, device: Id) =>
  concat(idBytes(room.room), u32(room.generation), u64(room.epoch), idBytes(device))

function ownLeaf(room: Room): Leaf {
  const own = leafAt(room.judged, room.leaf)
  if (!own) throw new Error("own leaf is missing")
  return own
}

type Stored = {
  readonly t: "room"
  readonly info: GroupInfo
  readonly leaf: number
  readonly ratchets: readonly { readonly leaf: number; readonly bytes: Uint8Array }[]
}

const encode: RoomsCrypto["encode"] = (room) => {
  const ratchets = Object.entries(secretsIn(room).ratchets).map(([leaf, ratchet]) => ({
    leaf: Number(leaf),
    bytes: ratchetDelta(room.epoch, ratchet),
  }))
  return pack({ t: "room", info: infoOf(room.judged, ownLeaf(room)), leaf: room.leaf, ratchets })
}

const decode: RoomsCrypto["decode"] = (device, room, generation, base, deltas) => {
  const read = unpacked<Stored>(base, "room")
  if (!read || !sameBytes(read.info.group, groupId(room, generation))) return undefined
  const state = stateOf({ house: device.house, room, generation }, read.info)
  if (!state.ok || leafAt(state.value, read.leaf)?.device !== device.device) return undefined
  const { epoch } = state.value
  const ratchets: Record<number, Ratchet> = {}
  for (const { leaf, bytes } of [...read.ratchets, ...deltas]) {
    if (bytes.length < 8 || readU64(bytes, 0) !== epoch || !leafAt(state.value, leaf)) return undefined
    const ratchet = readRatchet(bytes)
    if (!ratchet) return undefined
    ratchets[leaf] = ratchet
  }
  return roomOf(state.value, read.leaf, { ratchets })
}
