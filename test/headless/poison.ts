/** A member whose commits pass every check of the house and that nobody can process: path secrets sealed to nobody. */
import { groupInfo } from "@teahouse/client/crypto/mls/create.ts"
import { mlsOf, roomOf } from "@teahouse/client/crypto/mls/state.ts"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { Crypto } from "@teahouse/client/crypto/port.ts"
import { apply, forge, forgePath } from "@teahouse/judge/cases/forge.fixture.ts"
import { judgeCommit } from "@teahouse/judge/commit.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { cheap } from "./person.ts"

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

/** `poison.on`: from now on every commit without additions is a bad one. */
export function poisonous(poison: { on: boolean; made: number }): Crypto {
  const honest = createCrypto(cheap)
  return {
    ...honest,
    room: {
      ...honest.room,
      async commit(room, what) {
        if (!poison.on || what.add) return honest.room.commit(room, what)
        poison.on = false
        poison.made++
        const mls = mlsOf(room)
        const view = { mls, device: { signKey: mls.signaturePrivateKey } } as never
        const path = await forgePath(view, apply(mls.ratchetTree, []).tree)
        const nodes = path.path.nodes.map((node) => ({
          ...node,
          encryptedPathSecret: node.encryptedPathSecret.map((c) => ({ ...c, ciphertext: random(48) })),
        }))
        const forged = { proposals: [], data: what.data, path: { ...path, path: { ...path.path, nodes } } }
        const { commit, next } = await forge(view, forged)
        const judged = await judgeCommit(room.judged, commit)
        if (!judged.ok) return err({ kind: "refused", reason: judged.error })
        const after = roomOf(judged.value.next, next)
        const change = { epoch: after.epoch, external: false, added: [], removed: [], policyChanged: false }
        const by = { user: judged.value.by.user, device: judged.value.by.device, leaf: judged.value.by.leaf }
        return ok({
          commit,
          groupInfo: await groupInfo(after),
          welcome: undefined,
          welcomes: [],
          next: after,
          change: { ...change, by, data: what.data },
        })
      },
    },
  }
}
