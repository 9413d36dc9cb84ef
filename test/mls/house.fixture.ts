/**
 * A room as a house runs it, without the house: a judge that follows commits and refuses what is not right, and members
 * who follow the same log with the client's crypto. After each step all of them must agree.
 */

import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import {
  deviceOf,
  house,
  keyPackageOf,
  must,
  noData,
  type Person,
  type TestDevice,
} from "@teahouse/client/crypto/people.fixture.ts"
import type { CommitBundle, Delta, MakeCommit, Room } from "@teahouse/client/crypto/port.ts"
import { judgeCommit } from "@teahouse/judge/commit.ts"
import { judgeGroupInfo, judgeWelcome } from "@teahouse/judge/group-info.ts"
import { openRoomState } from "@teahouse/judge/open.ts"
import type { RoomState } from "@teahouse/judge/state.ts"
import { rootHash } from "@teahouse/judge/tree.ts"
import { fromUtf8, sameBytes, utf8 } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomPolicy } from "@teahouse/protocol/policy.ts"

const { room: rooms } = mlsCrypto
const aad = utf8("place")

export type Member = {
  readonly device: TestDevice
  room: Room
  base: Uint8Array
  readonly deltas: Map<number, Delta>
}

export class RoomHouse {
  readonly members = new Map<Id, Member>()
  state: RoomState
  groupInfo: Uint8Array
  readonly id: Id

  private constructor(id: Id, state: RoomState, groupInfo: Uint8Array) {
    this.id = id
    this.state = state
    this.groupInfo = groupInfo
  }

  static async open(creator: TestDevice, id: Id, policy: RoomPolicy): Promise<RoomHouse> {
    const made = await rooms.create(creator, id, 0, policy)
    const state = must(
      await openRoomState(made.opening, { house, room: id, generation: 0 }, { opening: true }),
    )
    const out = new RoomHouse(id, state, made.opening)
    out.enter(creator, made.room)
    return out
  }

  private enter(device: TestDevice, room: Room): void {
    this.members.set(device.device, { device, room, base: rooms.encode(room), deltas: new Map() })
  }

  member(device: Id): Member {
    const found = this.members.get(device)
    if (!found) throw new Error("not a member")
    return found
  }

  async commit(
    by: Member,
    what: Omit<MakeCommit, "data"> & { data?: Uint8Array; join?: TestDevice[] },
  ): Promise<void> {
    const { join = [], ...rest } = what
    const packages = await Promise.all(join.map(keyPackageOf))
    const bundle = must(
      await rooms.commit(by.room, { data: noData, ...rest, add: packages.map((p) => p.bytes) }),
    )
    await this.accept(bundle, by.device)
    for (const [i, device] of join.entries()) {
      const { welcome, groupInfo } = bundle
      const keyPackage = packages[i]?.secret
      if (!welcome || !keyPackage) throw new Error("no welcome")
      this.enter(
        device,
        must(await rooms.join({ device, room: this.id, generation: 0, welcome, groupInfo, keyPackage })),
      )
    }
  }

  async external(device: TestDevice): Promise<void> {
    const input = { device, room: this.id, generation: 0, groupInfo: this.groupInfo, data: noData }
    this.members.delete(device.device)
    await this.accept(must(await rooms.joinExternally(input)), device)
  }

  private async accept(bundle: CommitBundle, poster: TestDevice): Promise<void> {
    const advance = must(await judgeCommit(this.state, bundle.commit, { device: poster.device }))
    must(await judgeGroupInfo(advance, bundle.groupInfo))
    must(judgeWelcome(advance, bundle.welcome))
    this.state = advance.next
    this.groupInfo = bundle.groupInfo
    for (const [id, member] of this.members) {
      if (id === poster.device) continue
      const seen = must(await rooms.process(member.room, bundle.commit, poster.device))
      if (seen.kind === "removed") this.members.delete(id)
      else this.enter(member.device, seen.room)
    }
    this.enter(poster, bundle.next)
  }

  /** From one member to all others; what each stores is what it continues from. */
  async says(from: Member, text: string): Promise<void> {
    const sealed = await rooms.sealMessage(from.room, utf8(text), aad)
    keep(from, sealed)
    for (const member of this.members.values()) {
      if (member === from) continue
      const opened = must(await rooms.openMessage(member.room, sealed.bytes))
      if (fromUtf8(opened.content) !== text || opened.sender.device !== from.device.device)
        throw new Error("misread")
      keep(member, opened)
    }
  }

  /** As after a restart: base and deltas, nothing else. */
  restart(member: Member): void {
    const room = rooms.decode(member.device, this.id, 0, member.base, [...member.deltas.values()])
    if (!room) throw new Error("the stored state does not come back")
    if (!sameBytes(rooms.encode(room), rooms.encode(member.room))) throw new Error("the stored state differs")
    member.room = room
  }

  /** Everybody and the judge at one epoch, with one tree and one secret. */
  async agree(): Promise<void> {
    const [first] = this.members.values()
    if (!first) throw new Error("the room is empty")
    const secret = rooms.epochAuthenticator(first.room)
    const hash = rootHash(this.state.tree, this.state.hashes)
    if (this.state.leaves.length !== this.members.size) throw new Error("the roster and the members differ")
    for (const { room } of this.members.values()) {
      if (room.epoch !== this.state.epoch) throw new Error("another epoch")
      if (!sameBytes(rooms.epochAuthenticator(room), secret)) throw new Error("another epoch secret")
      if (!sameBytes(room.judged.groupContext.treeHash, hash)) throw new Error("another tree")
      if (!(await rooms.sameGroupInfo(room, this.groupInfo))) throw new Error("another GroupInfo")
    }
  }
}

function keep(member: Member, step: { room: Room; delta: Delta }): void {
  member.room = step.room
  member.deltas.set(step.delta.leaf, step.delta)
}

export const newDevice = (owner: Person): Promise<TestDevice> => deviceOf(owner)
