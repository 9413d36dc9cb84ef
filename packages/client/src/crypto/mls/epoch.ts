/** What one epoch's members can derive, and nobody else: ephemeral keys, the fork detector, attestations. */
import { readExtensions } from "@teahouse/judge/group-info.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { concat, sameBytes, u32, u64 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { err, type Result } from "@teahouse/protocol/result.ts"
import { mlsExporter } from "ts-mls"
import { encodeGroupContext } from "ts-mls/groupContext.js"
import type { Attested, Room } from "../port.ts"
import { open, seal } from "../sealed.ts"
import { suite } from "../suite.ts"
import { mlsOf } from "./state.ts"

export const epochAuthenticator = (room: Room): Uint8Array => mlsOf(room).keySchedule.epochAuthenticator

const keys = new WeakMap<object, Promise<Uint8Array>>()

/** RFC 9420 section 8.5. One derivation per epoch: the key schedule is the same object until the next commit. */
async function ephemeralKey(room: Room): Promise<Uint8Array> {
  const { keySchedule } = mlsOf(room)
  const known = keys.get(keySchedule)
  if (known !== undefined) return known
  const made = mlsExporter(
    keySchedule.exporterSecret,
    "teahouse ephemeral",
    new Uint8Array(),
    32,
    await suite(),
  )
  keys.set(keySchedule, made)
  return made
}

const place = (room: Room, device: Id) =>
  concat(label("ephemeral"), idBytes(room.room), u32(room.generation), u64(room.epoch), idBytes(device))

export async function sealEphemeral(room: Room, plaintext: Uint8Array): Promise<Uint8Array> {
  const own = room.judged.leaves.find((l) => l.leaf === room.leaf)
  if (!own) throw new Error("own leaf is missing")
  return seal(await ephemeralKey(room), place(room, own.device), plaintext)
}

export async function openEphemeral(
  room: Room,
  device: Id,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, "unreadable">> {
  if (!room.judged.leaves.some((l) => l.device === device)) return err("unreadable")
  return open(await ephemeralKey(room), place(room, device), sealed)
}

async function externalPubOf(room: Room): Promise<Uint8Array> {
  const { hpke } = await suite()
  const pair = await hpke.deriveKeyPair(mlsOf(room).keySchedule.externalSecret)
  return hpke.exportPublicKey(pair.publicKey)
}

export async function attestation(room: Room): Promise<Attested> {
  const { groupContext, confirmationTag } = mlsOf(room)
  const contextHash = sha256(encodeGroupContext(groupContext))
  return { contextHash, confirmationTag, externalPub: await externalPubOf(room) }
}

export function shown(bytes: Uint8Array): Attested | undefined {
  const message = readMessage(bytes, "mls_group_info")
  const read = message && readExtensions(message.groupInfo.extensions)
  if (!message || !read?.ok) return undefined
  const { groupContext, confirmationTag } = message.groupInfo
  const contextHash = sha256(encodeGroupContext(groupContext))
  return { contextHash, confirmationTag, externalPub: read.value.externalPub }
}

/** The server can check everything about a GroupInfo but its external_pub; a member can check that too. */
export async function sameGroupInfo(room: Room, bytes: Uint8Array): Promise<boolean> {
  const message = readMessage(bytes, "mls_group_info")
  if (!message) return false
  const { groupContext, confirmationTag, extensions } = message.groupInfo
  const mls = mlsOf(room)
  if (!sameBytes(encodeGroupContext(groupContext), encodeGroupContext(mls.groupContext))) return false
  if (!sameBytes(confirmationTag, mls.confirmationTag)) return false
  const read = readExtensions(extensions)
  return read.ok && sameBytes(read.value.externalPub, await externalPubOf(room))
}
