/** A member whose commits pass every check of the house and that nobody can process: path secrets sealed to nobody. */
import { groupInfo } from "@teahouse/client/crypto/mls/create.ts"
import { mlsOf, roomOf } from "@teahouse/client/crypto/mls/state.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { Crypto } from "@teahouse/client/crypto/port.ts"
import { apply, forge, forgePath } from "@teahouse/judge/cases/forge.fixture.ts"
import { judgeCommit } from "@teahouse/judge/commit.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { concat } from "@teahouse/protocol/bytes.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { encodeMlsMessage } from "ts-mls"
import { signGroupInfo } from "ts-mls/groupInfo.js"
import { cheap } from "./person.ts"

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

export type Poison = {
  /** The next commit without additions is a bad one. */
  on: boolean
  /** Of this generation of a room all commits from then on, and not only one. */
  generation?: number
  /** As they were posted. */
  readonly commits: Uint8Array[]
  /** And its GroupInfo shows an external_pub that is nobody's: no honest member vouches for it, and who joins by it joins alone. */
  shut?: boolean
  /** Its path is sound: everybody can follow. */
  readable?: boolean
}

/** Well-formed and signed, with a key that belongs to no epoch. */
async function shut(info: Uint8Array, signKey: Uint8Array): Promise<Uint8Array> {
  const message = readMessage(info, "mls_group_info")
  if (!message) throw new Error("no GroupInfo")
  const extensions = message.groupInfo.extensions.map((one) =>
    one.extensionType === "external_pub"
      ? { ...one, extensionData: concat(Uint8Array.of(32), random(32)) }
      : one,
  )
  const { signature } = await suite()
  const groupInfo = await signGroupInfo({ ...message.groupInfo, extensions }, signKey, signature)
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_group_info", groupInfo })
}

export function poisonous(poison: Poison): Crypto {
  const honest = createCrypto(cheap)
  return {
    ...honest,
    room: {
      ...honest.room,
      async commit(room, what) {
        const calm = poison.generation !== undefined && room.generation !== poison.generation
        if (!poison.on || what.add || calm) return honest.room.commit(room, what)
        poison.on = poison.generation !== undefined
        const mls = mlsOf(room)
        const view = { mls, device: { signKey: mls.signaturePrivateKey } } as never
        const path = await forgePath(view, apply(mls.ratchetTree, []).tree)
        const nodes = path.path.nodes.map((node) => ({
          ...node,
          encryptedPathSecret: node.encryptedPathSecret.map((c) =>
            poison.readable ? c : { ...c, ciphertext: random(48) },
          ),
        }))
        const forged = { proposals: [], data: what.data, path: { ...path, path: { ...path.path, nodes } } }
        const { commit, next } = await forge(view, forged)
        poison.commits.push(commit)
        const judged = await judgeCommit(room.judged, commit)
        if (!judged.ok) return err({ kind: "refused", reason: judged.error })
        const after = roomOf(judged.value.next, next)
        const change = { epoch: after.epoch, external: false, added: [], removed: [], policyChanged: false }
        const by = { user: judged.value.by.user, device: judged.value.by.device, leaf: judged.value.by.leaf }
        return ok({
          commit,
          groupInfo: poison.shut
            ? await shut(await groupInfo(after), mls.signaturePrivateKey)
            : await groupInfo(after),
          welcome: undefined,
          welcomes: [],
          next: after,
          change: { ...change, by, data: what.data },
        })
      },
    },
  }
}
