/**
 * Messages. The sender is the leaf whose ratchet key opened the message and whose signature held; nothing inside the
 * content is ever believed about it. The library does not return it, so the sender data is read first, the same way.
 */
import { readMessage } from "@teahouse/judge/message.ts"
import { leafAt } from "@teahouse/judge/state.ts"
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import {
  type ClientState,
  createApplicationMessage,
  emptyPskIndex,
  encodeMlsMessage,
  processPrivateMessage,
} from "ts-mls"
import { decryptSenderData } from "ts-mls/privateMessage.js"
import { padme } from "../padding.ts"
import type { Delta, OpenError, Opened, Room } from "../port.ts"
import { suite } from "../suite.ts"
import { senderOf } from "./change.ts"
import { config } from "./config.ts"
import { deltaOf, mlsOf, roomOf } from "./state.ts"

export async function sealMessage(
  room: Room,
  content: Uint8Array,
  aad: Uint8Array,
): Promise<{ room: Room; bytes: Uint8Array; delta: Delta }> {
  // The library's own padding stops at one length, so each message says by how much.
  const paddingLength = padme(content.length) - content.length
  const clientConfig = { ...config, paddingConfig: { kind: "alwaysPad" as const, paddingLength } }
  const state: ClientState = { ...mlsOf(room), clientConfig }
  const { newState, privateMessage } = await createApplicationMessage(state, content, await suite(), aad)
  const next = roomOf(room.judged, { ...newState, clientConfig: config })
  const bytes = encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage })
  return { room: next, bytes, delta: deltaOf(next, room.leaf) }
}

export async function openMessage(room: Room, bytes: Uint8Array): Promise<Result<Opened, OpenError>> {
  const message = readMessage(bytes, "mls_private_message")
  if (!message) return err("unreadable")
  const { privateMessage } = message
  const mls = mlsOf(room)
  if (!sameBytes(privateMessage.groupId, mls.groupContext.groupId)) return err("unreadable")
  if (privateMessage.epoch !== mls.groupContext.epoch) return err("wrong_epoch")
  // A commit or proposal sealed as a private message would get past the judge.
  if (privateMessage.contentType !== "application") return err("unreadable")
  const cs = await suite()
  try {
    const data = await decryptSenderData(privateMessage, mls.keySchedule.senderDataSecret, cs)
    const leaf = data && leafAt(room.judged, data.leafIndex)
    if (!leaf || leaf.leaf === room.leaf) return err("unreadable")
    if (!canFollow(mls, leaf.leaf, data.generation)) return err("used_or_too_far")
    const result = await processPrivateMessage(mls, privateMessage, emptyPskIndex, cs)
    if (result.kind !== "applicationMessage") return err("unreadable")
    const next = roomOf(room.judged, result.newState)
    return ok({
      room: next,
      delta: deltaOf(next, leaf.leaf),
      sender: senderOf(leaf),
      content: result.message,
      aad: privateMessage.authenticatedData,
    })
  } catch {
    return err("unreadable")
  }
}

function canFollow(mls: ClientState, leaf: number, generation: number): boolean {
  const ratchet = mls.secretTree[leaf * 2]?.application
  if (!ratchet) return false
  if (generation < ratchet.generation) return ratchet.unusedGenerations[generation] !== undefined
  return generation - ratchet.generation <= config.keyRetentionConfig.maximumForwardRatchetSteps
}
