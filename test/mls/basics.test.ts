/** Official vectors: arithmetic, primitives, encodings. */
import { decodeMlsMessage, encodeMlsMessage } from "ts-mls"
import { determineLength } from "ts-mls/codec/variableLength.js"
import { decodeCommit, encodeCommit } from "ts-mls/commit.js"
import { refhash } from "ts-mls/crypto/hash.js"
import { decryptWithLabel, encryptWithLabel } from "ts-mls/crypto/hpke.js"
import { deriveSecret, deriveTreeSecret, expandWithLabel } from "ts-mls/crypto/kdf.js"
import { signWithLabel, verifyWithLabel } from "ts-mls/crypto/signature.js"
import { decodeGroupSecrets, encodeGroupSecrets } from "ts-mls/groupSecrets.js"
import {
  decodeAdd,
  decodeExternalInit,
  decodeGroupContextExtensions,
  decodePSK,
  decodeReinit,
  decodeRemove,
  decodeUpdate,
  encodeAdd,
  encodeExternalInit,
  encodeGroupContextExtensions,
  encodePSK,
  encodeReinit,
  encodeRemove,
  encodeUpdate,
} from "ts-mls/proposal.js"
import { decodeRatchetTree, encodeRatchetTree } from "ts-mls/ratchetTree.js"
import { leafWidth, left, nodeWidth, parent, right, root, sibling, toNodeIndex } from "ts-mls/treemath.js"
import { describe, expect, test } from "vitest"
import { bytes, decoded, haveVectors, hex, load, ours, suiteOf } from "./vectors.fixture.ts"

describe.runIf(haveVectors)("official vectors: basics", () => {
  type TreeMath = { n_leaves: number; n_nodes: number; root: number } & Record<
    "left" | "right" | "parent" | "sibling",
    (number | null)[]
  >
  test.each(load<TreeMath>("tree-math"))("tree-math: $n_leaves leaves", (v) => {
    expect([nodeWidth(v.n_leaves), root(v.n_leaves), leafWidth(v.n_nodes)]).toEqual([
      v.n_nodes,
      v.root,
      v.n_leaves,
    ])
    const or = (f: () => number) => {
      try {
        return f()
      } catch {
        return null
      }
    }
    const nodes = Array.from({ length: v.n_nodes }, (_, i) => toNodeIndex(i))
    expect(nodes.map((n) => or(() => left(n)))).toEqual(v.left)
    expect(nodes.map((n) => or(() => right(n)))).toEqual(v.right)
    expect(nodes.map((n) => or(() => parent(n, v.n_leaves)))).toEqual(v.parent)
    expect(nodes.map((n) => or(() => sibling(n, v.n_leaves)))).toEqual(v.sibling)
  })

  type Basics = { cipher_suite: number } & Record<
    string,
    Record<string, string> & { length: number; generation: number }
  >
  test.each(ours<Basics>("crypto-basics"))("crypto-basics: suite $suite", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    const of = (name: string) => v[name] as NonNullable<Basics[string]> & { [key: string]: string }
    const text = (name: string, key: string): string => String((of(name) as Record<string, unknown>)[key])
    const raw = (name: string, key: string) => bytes(text(name, key))
    const ref = await refhash(text("ref_hash", "label"), raw("ref_hash", "value"), cs.hash)
    expect(hex(ref)).toBe(text("ref_hash", "out"))
    const e = "expand_with_label"
    const expanded = await expandWithLabel(
      raw(e, "secret"),
      text(e, "label"),
      raw(e, "context"),
      of(e).length,
      cs.kdf,
    )
    expect(hex(expanded)).toBe(text(e, "out"))
    const d = "derive_secret"
    expect(hex(await deriveSecret(raw(d, "secret"), text(d, "label"), cs.kdf))).toBe(text(d, "out"))
    const t = "derive_tree_secret"
    const tree = await deriveTreeSecret(
      raw(t, "secret"),
      text(t, "label"),
      of(t).generation,
      of(t).length,
      cs.kdf,
    )
    expect(hex(tree)).toBe(text(t, "out"))
    const s = "sign_with_label"
    const verify = (signature: Uint8Array) =>
      verifyWithLabel(raw(s, "pub"), text(s, "label"), raw(s, "content"), signature, cs.signature)
    expect(await verify(raw(s, "signature"))).toBe(true)
    expect(
      await verify(await signWithLabel(raw(s, "priv"), text(s, "label"), raw(s, "content"), cs.signature)),
    ).toBe(true)
    const h = "encrypt_with_label"
    const priv = await cs.hpke.importPrivateKey(raw(h, "priv"))
    const open = (kem: Uint8Array, ct: Uint8Array) =>
      decryptWithLabel(priv, text(h, "label"), raw(h, "context"), kem, ct, cs.hpke)
    expect(hex(await open(raw(h, "kem_output"), raw(h, "ciphertext")))).toBe(text(h, "plaintext"))
    const pub = await cs.hpke.importPublicKey(raw(h, "pub"))
    const own = await encryptWithLabel(pub, text(h, "label"), raw(h, "context"), raw(h, "plaintext"), cs.hpke)
    expect(hex(await open(own.enc, own.ct))).toBe(text(h, "plaintext"))
  })

  test("deserialization: variable-size lengths", () => {
    const vectors = load<{ vlbytes_header: string; length: number }>("deserialization")
    expect(vectors.length).toBeGreaterThan(0)
    for (const { vlbytes_header, length } of vectors) {
      const header = bytes(vlbytes_header)
      expect(determineLength(header)).toEqual({ length, lengthFieldSize: header.length })
    }
  })

  test("messages: each decodes to the last byte and encodes to the same bytes", () => {
    const same =
      <T>(decode: (b: Uint8Array, o: number) => [T, number] | undefined, encode: (t: T) => Uint8Array) =>
      (text: string) =>
        expect(hex(encode(decoded(decode, text)))).toBe(text)
    const message = same(decodeMlsMessage, encodeMlsMessage)
    const checks: Record<string, (text: string) => void> = {
      mls_welcome: message,
      mls_group_info: message,
      mls_key_package: message,
      public_message_application: message,
      public_message_proposal: message,
      public_message_commit: message,
      private_message: message,
      ratchet_tree: same(decodeRatchetTree, encodeRatchetTree),
      group_secrets: same(decodeGroupSecrets, encodeGroupSecrets),
      add_proposal: same(decodeAdd, encodeAdd),
      update_proposal: same(decodeUpdate, encodeUpdate),
      remove_proposal: same(decodeRemove, encodeRemove),
      pre_shared_key_proposal: same(decodePSK, encodePSK),
      re_init_proposal: same(decodeReinit, encodeReinit),
      external_init_proposal: same(decodeExternalInit, encodeExternalInit),
      group_context_extensions_proposal: same(decodeGroupContextExtensions, encodeGroupContextExtensions),
      commit: same(decodeCommit, encodeCommit),
    }
    for (const vector of load<Record<string, string>>("messages")) {
      for (const [name, text] of Object.entries(vector)) {
        const check = checks[name]
        if (!check) throw new Error(`no check for ${name}`)
        check(text)
      }
    }
  })
})
