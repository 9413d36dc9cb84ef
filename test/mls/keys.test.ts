/** Official vectors: key schedule, secret tree, transcript, welcome, message protection. */
import { contentTypes, encodeMlsMessage, mlsExporter } from "ts-mls"
import { decodeAuthenticatedContent } from "ts-mls/authenticatedContent.js"
import { encode } from "ts-mls/codec/tlsEncoder.js"
import { commitEncoder, decodeCommit } from "ts-mls/commit.js"
import { type CiphersuiteId, getCiphersuiteNameFromId } from "ts-mls/crypto/ciphersuite.js"
import { createConfirmationTag, verifyConfirmationTag } from "ts-mls/framedContent.js"
import { encodeGroupContext, extractJoinerSecret, type GroupContext } from "ts-mls/groupContext.js"
import {
  extractWelcomeSecret,
  verifyGroupInfoConfirmationTag,
  verifyGroupInfoSignature,
} from "ts-mls/groupInfo.js"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import { deriveKeySchedule } from "ts-mls/keySchedule.js"
import { decodeMlsMessage, type MLSMessage } from "ts-mls/message.js"
import {
  protect,
  protectApplicationData,
  protectProposal,
  unprotectPrivateMessage,
} from "ts-mls/messageProtection.js"
import {
  protectProposalPublic,
  protectPublicMessage,
  unprotectPublicMessage,
} from "ts-mls/messageProtectionPublic.js"
import { computePskSecret } from "ts-mls/presharedkey.js"
import { decodeProposal, encodeProposal } from "ts-mls/proposal.js"
import { createSecretTree, deriveKey, deriveNonce, ratchetUntil } from "ts-mls/secretTree.js"
import { expandSenderDataKey, expandSenderDataNonce } from "ts-mls/sender.js"
import { createConfirmedHash, createInterimHash } from "ts-mls/transcriptHash.js"
import { decryptGroupInfo, decryptGroupSecrets } from "ts-mls/welcome.js"
import { describe, expect, test } from "vitest"
import { bytes, decoded, haveVectors, hex, ours, type Suited, suiteOf } from "./vectors.fixture.ts"

const retain = { retainKeysForGenerations: 4, retainKeysForEpochs: 1, maximumForwardRatchetSteps: 100 }
type Texts<K extends string> = Record<K, string>
const zeros = new Uint8Array(32)

describe.runIf(haveVectors)("official vectors: keys", () => {
  type Epoch = Texts<
    | "tree_hash"
    | "commit_secret"
    | "psk_secret"
    | "confirmed_transcript_hash"
    | "group_context"
    | "joiner_secret"
    | "welcome_secret"
    | "init_secret"
    | "sender_data_secret"
    | "encryption_secret"
    | "exporter_secret"
    | "epoch_authenticator"
    | "external_secret"
    | "confirmation_key"
    | "membership_key"
    | "resumption_psk"
    | "external_pub"
  > & { exporter: Texts<"label" | "context" | "secret"> & { length: number } }
  type Schedule = Suited & { group_id: string; initial_init_secret: string; epochs: Epoch[] }
  test.each(ours<Schedule>("key-schedule"))("key-schedule: suite $suite", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    let init = bytes(v.initial_init_secret)
    for (const [i, e] of v.epochs.entries()) {
      const context: GroupContext = {
        version: "mls10",
        cipherSuite: cs.name,
        groupId: bytes(v.group_id),
        epoch: BigInt(i),
        treeHash: bytes(e.tree_hash),
        confirmedTranscriptHash: bytes(e.confirmed_transcript_hash),
        extensions: [],
      }
      expect(hex(encodeGroupContext(context))).toBe(e.group_context)
      const joiner = await extractJoinerSecret(context, init, bytes(e.commit_secret), cs.kdf)
      expect(hex(joiner)).toBe(e.joiner_secret)
      expect(hex(await extractWelcomeSecret(joiner, bytes(e.psk_secret), cs.kdf))).toBe(e.welcome_secret)
      const [keys, encryption] = await deriveKeySchedule(joiner, bytes(e.psk_secret), context, cs.kdf)
      expect(hex(encryption)).toBe(e.encryption_secret)
      const names = {
        initSecret: e.init_secret,
        senderDataSecret: e.sender_data_secret,
        exporterSecret: e.exporter_secret,
        epochAuthenticator: e.epoch_authenticator,
        externalSecret: e.external_secret,
        confirmationKey: e.confirmation_key,
        membershipKey: e.membership_key,
        resumptionPsk: e.resumption_psk,
      }
      for (const [name, expected] of Object.entries(names))
        expect(hex(keys[name as keyof typeof names])).toBe(expected)
      const { publicKey } = await cs.hpke.deriveKeyPair(keys.externalSecret)
      expect(hex(await cs.hpke.exportPublicKey(publicKey))).toBe(e.external_pub)
      const { label, context: about, length, secret } = e.exporter
      expect(hex(await mlsExporter(keys.exporterSecret, label, bytes(about), length, cs))).toBe(secret)
      init = keys.initSecret
    }
  })

  type Psk = Suited & { psks: Texts<"psk_id" | "psk" | "psk_nonce">[]; psk_secret: string }
  test.each(ours<Psk>("psk_secret"))("psk_secret: suite $suite, $i", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    const psks = v.psks.map((p): Parameters<typeof computePskSecret>[0][number] => [
      { psktype: "external", pskId: bytes(p.psk_id), pskNonce: bytes(p.psk_nonce) },
      bytes(p.psk),
    ])
    expect(hex(await computePskSecret(psks, cs))).toBe(v.psk_secret)
  })

  type Generation = Texts<"application_key" | "application_nonce" | "handshake_key" | "handshake_nonce"> & {
    generation: number
  }
  type Secrets = Suited & {
    encryption_secret: string
    sender_data: Texts<"sender_data_secret" | "ciphertext" | "key" | "nonce">
    leaves: Generation[][]
  }
  test.each(ours<Secrets>("secret-tree"))("secret-tree: suite $suite, $i", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    const { sender_data_secret, ciphertext, key, nonce } = v.sender_data
    const [secret, sample] = [bytes(sender_data_secret), bytes(ciphertext)]
    expect(hex(await expandSenderDataKey(cs, secret, sample))).toBe(key)
    expect(hex(await expandSenderDataNonce(cs, secret, sample))).toBe(nonce)
    const tree = await createSecretTree(v.leaves.length, bytes(v.encryption_secret), cs.kdf)
    for (const [leaf, generations] of v.leaves.entries()) {
      const node = tree[leaf * 2]
      if (!node) throw new Error()
      for (const g of generations) {
        const [application] = await ratchetUntil(node.application, g.generation, retain, cs.kdf)
        const [handshake] = await ratchetUntil(node.handshake, g.generation, retain, cs.kdf)
        expect(hex(await deriveKey(application.secret, g.generation, cs))).toBe(g.application_key)
        expect(hex(await deriveNonce(application.secret, g.generation, cs))).toBe(g.application_nonce)
        expect(hex(await deriveKey(handshake.secret, g.generation, cs))).toBe(g.handshake_key)
        expect(hex(await deriveNonce(handshake.secret, g.generation, cs))).toBe(g.handshake_nonce)
      }
    }
  })

  type Transcript = Suited &
    Texts<
      | "confirmation_key"
      | "authenticated_content"
      | "interim_transcript_hash_before"
      | "confirmed_transcript_hash_after"
      | "interim_transcript_hash_after"
    >
  test.each(ours<Transcript>("transcript-hashes"))(
    "transcript-hashes: suite $suite",
    async ({ suite, vector: v }) => {
      const cs = await suiteOf(suite)
      const { wireformat, content, auth } = decoded(decodeAuthenticatedContent, v.authenticated_content)
      if (content.contentType !== "commit" || auth.contentType !== "commit") throw new Error("not a commit")
      const before = bytes(v.interim_transcript_hash_before)
      const confirmed = await createConfirmedHash(
        before,
        { wireformat, content, signature: auth.signature },
        cs.hash,
      )
      expect(hex(confirmed)).toBe(v.confirmed_transcript_hash_after)
      expect(hex(await createInterimHash(confirmed, auth.confirmationTag, cs.hash))).toBe(
        v.interim_transcript_hash_after,
      )
      expect(
        await verifyConfirmationTag(bytes(v.confirmation_key), auth.confirmationTag, confirmed, cs.hash),
      ).toBe(true)
    },
  )

  type Welcome = Suited & Texts<"init_priv" | "key_package" | "welcome" | "signer_pub">
  test.each(ours<Welcome>("welcome"))("welcome: suite $suite", async ({ suite, vector: v }) => {
    const cs = await suiteOf(suite)
    const kp = decoded(decodeMlsMessage, v.key_package)
    const message = decoded(decodeMlsMessage, v.welcome)
    if (kp.wireformat !== "mls_key_package" || message.wireformat !== "mls_welcome") throw new Error()
    const ref = await makeKeyPackageRef(kp.keyPackage, cs.hash)
    const key = await cs.hpke.importPrivateKey(bytes(v.init_priv))
    const secrets = await decryptGroupSecrets(key, ref, message.welcome, cs.hpke)
    if (!secrets) throw new Error("no secrets")
    const noPsk = new Uint8Array(cs.kdf.size)
    const info = await decryptGroupInfo(message.welcome, secrets.joinerSecret, noPsk, cs)
    if (!info) throw new Error("no GroupInfo")
    expect(await verifyGroupInfoSignature(info, bytes(v.signer_pub), cs.signature)).toBe(true)
    expect(await verifyGroupInfoConfirmationTag(info, secrets.joinerSecret, noPsk, cs)).toBe(true)
  })

  type Protection = Suited & { epoch: number } & Texts<
      | "group_id"
      | "tree_hash"
      | "confirmed_transcript_hash"
      | "signature_priv"
      | "signature_pub"
      | "encryption_secret"
      | "sender_data_secret"
      | "membership_key"
      | "proposal"
      | "proposal_priv"
      | "proposal_pub"
      | "commit"
      | "commit_priv"
      | "commit_pub"
      | "application"
      | "application_priv"
    >
  test.each(ours<Protection>("message-protection"))(
    "message-protection: suite $suite",
    async ({ suite, vector: v }) => {
      const cs = await suiteOf(suite)
      const context: GroupContext = {
        version: "mls10",
        cipherSuite: getCiphersuiteNameFromId(suite as CiphersuiteId),
        groupId: bytes(v.group_id),
        epoch: BigInt(v.epoch),
        treeHash: bytes(v.tree_hash),
        confirmedTranscriptHash: bytes(v.confirmed_transcript_hash),
        extensions: [],
      }
      const [priv, pub] = [bytes(v.signature_priv), bytes(v.signature_pub)]
      const [senderData, membership] = [bytes(v.sender_data_secret), bytes(v.membership_key)]
      // Two leaves; the sender is the second (test-vectors.md).
      const secretTree = await createSecretTree(2, bytes(v.encryption_secret), cs.kdf)
      const openPrivate = async (text: string) => {
        const m = decoded(decodeMlsMessage, text)
        if (m.wireformat !== "mls_private_message") throw new Error()
        return unprotectPrivateMessage(senderData, m.privateMessage, secretTree, [], context, retain, cs, pub)
      }
      const openPublic = async (text: string) => {
        const m = decoded(decodeMlsMessage, text)
        if (m.wireformat !== "mls_public_message") throw new Error()
        return unprotectPublicMessage(membership, context, [], m.publicMessage, cs, pub)
      }
      const text = (m: {
        privateMessage: Extract<MLSMessage, { wireformat: "mls_private_message" }>["privateMessage"]
      }) =>
        hex(
          encodeMlsMessage({
            version: "mls10",
            wireformat: "mls_private_message",
            privateMessage: m.privateMessage,
          }),
        )
      const publicText = (m: {
        publicMessage: Extract<MLSMessage, { wireformat: "mls_public_message" }>["publicMessage"]
      }) =>
        hex(
          encodeMlsMessage({
            version: "mls10",
            wireformat: "mls_public_message",
            publicMessage: m.publicMessage,
          }),
        )
      const padding = { kind: "padUntilLength" as const, padUntilLength: 0 }
      const none = new Uint8Array()

      const proposal = decoded(decodeProposal, v.proposal)
      const sentPrivate = await protectProposal(
        priv,
        senderData,
        proposal,
        none,
        context,
        secretTree,
        1,
        padding,
        cs,
      )
      const sentPublic = await protectProposalPublic(priv, membership, context, none, proposal, 1, cs)
      for (const sent of [v.proposal_priv, text(sentPrivate)]) {
        const { content } = (await openPrivate(sent)).content
        expect(content.contentType === "proposal" && hex(encodeProposal(content.proposal))).toBe(v.proposal)
      }
      for (const sent of [v.proposal_pub, publicText(sentPublic)]) {
        const { content } = await openPublic(sent)
        expect(content.contentType === "proposal" && hex(encodeProposal(content.proposal))).toBe(v.proposal)
      }

      const readCommit = (c: Parameters<typeof commitEncoder>[0]) => hex(encode(commitEncoder)(c))
      const fromPrivate = (await openPrivate(v.commit_priv)).content
      const fromPublic = await openPublic(v.commit_pub)
      if (fromPrivate.content.contentType !== "commit" || fromPublic.content.contentType !== "commit")
        throw new Error()
      expect(readCommit(fromPrivate.content.commit)).toBe(v.commit)
      expect(readCommit(fromPublic.content.commit)).toBe(v.commit)
      expect(readCommit(decoded(decodeCommit, v.commit))).toBe(v.commit)
      // Ours, from the same signed content: framing only, since a whole commit needs a group.
      const again = await protectPublicMessage(membership, context, fromPublic, cs)
      expect((await openPublic(publicText({ publicMessage: again }))).content).toEqual(fromPublic.content)
      const { content, auth } = fromPrivate
      if (auth.contentType !== "commit") throw new Error()
      const resealed = await protect(
        senderData,
        none,
        context,
        secretTree,
        { ...content, auth },
        1,
        padding,
        cs,
      )
      const reopened = (await openPrivate(text(resealed))).content.content
      expect(reopened.contentType === "commit" && readCommit(reopened.commit)).toBe(v.commit)

      const data = bytes(v.application)
      const own = await protectApplicationData(
        priv,
        senderData,
        data,
        none,
        context,
        secretTree,
        1,
        padding,
        cs,
      )
      for (const sent of [v.application_priv, text(own)]) {
        const opened = (await openPrivate(sent)).content.content
        expect(opened.contentType === "application" && hex(opened.applicationData)).toBe(v.application)
      }
      expect(contentTypes.commit).toBe(3)
      const tag = await createConfirmationTag(zeros, data, cs.hash)
      expect(await verifyConfirmationTag(zeros, tag, data, cs.hash)).toBe(true)
    },
  )
})
