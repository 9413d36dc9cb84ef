/**
 * Three ways in. All of them judge the GroupInfo first, as if nobody had ever looked at it; the Welcome or the external
 * commit must then lead to exactly that tree and context.
 */
import { judgeCommit } from "@teahouse/judge/commit.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { openRoomState } from "@teahouse/judge/open.ts"
import { leafOfDevice, usersOf } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { emptyPskIndex, encodeMlsMessage, joinGroup, joinGroupExternal } from "ts-mls"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import type { CommitBundle, JoinError, Room, RoomsCrypto } from "../port.ts"
import { suite } from "../suite.ts"
import { changeOf } from "./change.ts"
import { config } from "./config.ts"
import { anyTime, groupInfoOf } from "./create.ts"
import { makeKeyPackage, openKeyPackage } from "./key-package.ts"
import { roomOf } from "./state.ts"

/** Two people with twenty devices each. */
const DIRECT_LEAVES = 40

export function welcomeRefs(welcome: Uint8Array): Result<readonly Uint8Array[], "malformed"> {
  const message = readMessage(welcome, "mls_welcome")
  return message ? ok(message.welcome.secrets.map((s) => s.newMember)) : err("malformed")
}

const refused = (reason: Extract<JoinError, { kind: "refused" }>["reason"]) =>
  err({ kind: "refused" as const, reason })

export async function join(input: Parameters<RoomsCrypto["join"]>[0]): Promise<Result<Room, JoinError>> {
  const { device, room, generation } = input
  const message = readMessage(input.welcome, "mls_welcome")
  if (!message) return refused("malformed")
  const own = openKeyPackage(input.keyPackage)
  const cs = await suite()
  const ref = own && (await makeKeyPackageRef(own.publicPackage, cs.hash))
  if (!own || !ref || !message.welcome.secrets.some((s) => sameBytes(s.newMember, ref))) {
    return err({ kind: "not_for_us" })
  }
  const opened = await openRoomState(input.groupInfo, { house: device.house, room, generation })
  if (!opened.ok) return refused(opened.error)
  const judged = opened.value
  if (judged.policy.kind !== "group" && judged.leaves.length > DIRECT_LEAVES) return refused("room_full")
  if (leafOfDevice(judged, device.device)?.user !== device.user) return refused("welcome_differs")
  const { initPrivateKey, hpkePrivateKey } = own
  const keys = { initPrivateKey, hpkePrivateKey, signaturePrivateKey: device.signature.privateKey }
  try {
    const { welcome } = message
    const mls = await joinGroup(
      welcome,
      own.publicPackage,
      keys,
      emptyPskIndex,
      cs,
      judged.tree,
      undefined,
      config,
    )
    const same =
      sameBytes(encodeGroupContext(mls.groupContext), encodeGroupContext(judged.groupContext)) &&
      sameBytes(mls.confirmationTag, judged.confirmationTag) &&
      leafOfDevice(judged, device.device)?.leaf === mls.privatePath.leafIndex
    return same ? ok(roomOf(judged, mls)) : refused("welcome_differs")
  } catch {
    return err({ kind: "unprocessable" })
  }
}

export async function joinExternally(
  input: Parameters<RoomsCrypto["joinExternally"]>[0],
): Promise<Result<CommitBundle, JoinError>> {
  const { device, room, generation } = input
  const opened = await openRoomState(input.groupInfo, { house: device.house, room, generation })
  if (!opened.ok) return refused(opened.error)
  const judged = opened.value
  const message = readMessage(input.groupInfo, "mls_group_info")
  if (!message) return refused("malformed")
  if (!usersOf(judged.leaves).has(device.user)) return refused("external_forbidden")
  // Only with a leaf of our own to replace: asked to resync without one, the library never returns.
  const former = leafOfDevice(judged, device.device)
  if (former && former.user !== device.user) return refused("external_forbidden")
  const cs = await suite()
  const own = await makeKeyPackage(device, anyTime)
  try {
    const made = await joinGroupExternal(
      message.groupInfo,
      own.publicPackage,
      own.privatePackage,
      former !== undefined,
      cs,
      undefined,
      config,
      input.data,
    )
    const { publicMessage, newState } = made
    const commit = encodeMlsMessage({ version: "mls10", wireformat: "mls_public_message", publicMessage })
    const verdict = await judgeCommit(judged, commit)
    if (!verdict.ok) return refused(verdict.error)
    return ok({
      commit,
      groupInfo: await groupInfoOf(newState),
      welcome: undefined,
      welcomes: [],
      next: roomOf(verdict.value.next, newState),
      change: changeOf(verdict.value),
    })
  } catch {
    return err({ kind: "unprocessable" })
  }
}
