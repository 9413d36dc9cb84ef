/**
 * Golden bytes (../vectors/*.json): what is written today must be read for ever, and another implementation can check
 * itself against the files. `TEAHOUSE_WRITE_VECTORS=1` writes them anew, which is right only together with a new version.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ed25519 } from "@noble/curves/ed25519.js"
import { describe, expect, test } from "vitest"
import { attestationBytes } from "./attestation.ts"
import { concat } from "./bytes.ts"
import {
  type Certificate,
  certificateToSign,
  decodeCertificate,
  encodeCertificate,
  encodeCertificateContent,
} from "./certificate.ts"
import { CHAIN_START, nextHash } from "./chain.ts"
import { decodeCommitData, encodeCommitData } from "./commit-data.ts"
import { bindBytes, greetingBytes, recoveryBytes } from "./greeting.ts"
import { groupId } from "./group-id.ts"
import { headLeaf, headToSign, headTree, verifyHead } from "./head.ts"
import { incarnationToSign, roomIncarnationToSign } from "./incarnation.ts"
import { messageData } from "./message-data.ts"
import { decodeNotice, encodeChange, encodeNotice } from "./notice.ts"
import { decodePolicy, encodePolicy } from "./policy.ts"
import * as sample from "./samples.fixture.ts"
import { verifyCertificate, verifyEd25519 } from "./signature.ts"
import { decodeDown, decodeUp, encodeDown, encodeUp } from "./wire.ts"

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex")
const unhex = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? "", "hex"))
const signer = sample.bytes(32, 0xa0)
const publicKey = ed25519.getPublicKey(signer)
const deviceKey = ed25519.getPublicKey(sample.bytes(32, 0xb0))
const sign = (bytes: Uint8Array) => ed25519.sign(bytes, signer)

/** As JSON has it: bytes as hexadecimal text. */
const readable = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? hex(item) : item)))

/** The file's content; compared with, or written from, what the code makes now. */
function golden(name: string, now: unknown): unknown {
  const folder = join(import.meta.dirname, "..", "vectors")
  const path = join(folder, `${name}.json`)
  if (process.env.TEAHOUSE_WRITE_VECTORS === "1") {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, `${JSON.stringify(now, null, 2)}\n`)
  }
  return JSON.parse(readFileSync(path, "utf8"))
}
const mapped = <A, B>(record: Record<string, A>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]))

const certificates = mapped(sample.certificates, (fields): Certificate => {
  const content = { ...fields, uik: publicKey }
  return { ...content, signature: sign(certificateToSign(encodeCertificateContent(content), deviceKey)) }
})

describe("golden bytes", () => {
  test("frames", () => {
    const now = {
      up: mapped(sample.ups, (f) => hex(encodeUp(f))),
      down: mapped(sample.downs, (f) => hex(encodeDown(f))),
    }
    const file = golden("frames", now) as typeof now
    expect(now).toEqual(file)
    for (const [name, frame] of Object.entries(sample.ups))
      expect(decodeUp(unhex(file.up[name]))).toEqual({ ok: true, value: frame })
    for (const [name, frame] of Object.entries(sample.downs))
      expect(decodeDown(unhex(file.down[name]))).toEqual({ ok: true, value: frame })
  })

  test("certificates", async () => {
    const now = {
      uikSeed: hex(signer),
      deviceKey: hex(deviceKey),
      certificates: mapped(certificates, (c) => hex(encodeCertificate(c))),
    }
    const file = golden("certificates", now) as typeof now
    expect(now).toEqual(file)
    for (const [name, certificate] of Object.entries(certificates)) {
      const decoded = decodeCertificate(unhex(file.certificates[name]))
      expect(decoded).toEqual(certificate)
      if (decoded) expect(await verifyCertificate(decoded, deviceKey)).toBe(true)
    }
  })

  test("chain", () => {
    let hash = CHAIN_START
    const now = sample.links.map((link) => {
      hash = nextHash(hash, link)
      return { ...link, bodyHash: hex(link.bodyHash), hash: hex(hash) }
    })
    expect(now).toEqual(golden("chain", now))
  })

  test("heads", async () => {
    const heads = sample.heads(5)
    const tree = headTree(heads.map((h) => headLeaf(h)))
    const signature = sign(headToSign(tree.root))
    const now = {
      houseKey: hex(publicKey),
      root: hex(tree.root),
      signature: hex(signature),
      heads: heads.map((h, i) => ({
        ...h,
        hash: hex(h.hash),
        leaf: hex(headLeaf(h)),
        index: tree.places[i]?.index,
        path: tree.places[i]?.path.map(hex),
      })),
    }
    expect(now).toEqual(golden("heads", now))
    for (const [i, h] of heads.entries()) {
      const { index = 0, path = [] } = tree.places[i] ?? {}
      expect(await verifyHead(publicKey, h.room, { ...h, index, path, signature })).toBe(true)
    }
  })

  test("notices", async () => {
    const after = sample.bytes(32, 0xc0)
    const now = sample.changes.map((change) => {
      const bytes = encodeChange(change)
      const notice = encodeNotice(bytes, after, new Uint8Array(64))
      const signed = decodeNotice(sample, notice)?.signed ?? new Uint8Array()
      return {
        change: readable(change),
        signed: hex(signed),
        notice: hex(encodeNotice(bytes, after, sign(signed))),
      }
    })
    const file = golden("notices", now) as typeof now
    expect(now).toEqual(file)
    for (const [i, row] of file.entries()) {
      const notice = decodeNotice(sample, unhex(row.notice))
      expect(notice?.change).toEqual(sample.changes[i])
      if (notice) expect(await verifyEd25519(publicKey, notice.signature, notice.signed)).toBe(true)
    }
  })

  test("policies and commit data", () => {
    const now = {
      policies: mapped(sample.policies, (p) => hex(encodePolicy(p))),
      commitData: mapped(sample.commitData, (d) => hex(encodeCommitData(d))),
    }
    const file = golden("group", now) as typeof now
    expect(now).toEqual(file)
    expect(mapped(file.policies, (text) => decodePolicy(unhex(text)))).toEqual(sample.policies)
    expect(mapped(file.commitData, (text) => decodeCommitData(unhex(text)))).toEqual(sample.commitData)
  })

  test("what is signed or hashed", () => {
    const [a, b] = [sample.id(1), sample.id(2)]
    const now = mapped(
      {
        greeting: greetingBytes(a, sample.bytes(32, 3), b),
        bind: bindBytes(a, b, sample.id(3)),
        recovery: recoveryBytes(a, b, sample.id(3), sample.bytes(32, 3)),
        incarnation: incarnationToSign({ house: a, incarnation: 2, previous: 1, time: 1_767_225_600_000 }),
        roomIncarnation: roomIncarnationToSign(a, sample.room, {
          ...{ incarnation: 3, previous: 2, seq: 2 ** 33 + 1, hash: sample.bytes(32, 7) },
          time: 1_767_225_600_000,
        }),
        groupId: groupId(sample.room, 258),
        messageData: messageData(sample.room, 1, a, 2 ** 33 + 1),
        attestation: attestationBytes(sample.room, {
          generation: 1,
          epoch: 2,
          context: sample.bytes(32, 4),
          confirmationTag: sample.bytes(32, 5),
          externalPub: sample.bytes(32, 6),
        }),
      },
      hex,
    )
    expect(now).toEqual(golden("signed", now))
  })
})

test("no golden frame survives a byte too many or too few", () => {
  for (const frame of Object.values(sample.ups)) {
    const bytes = encodeUp(frame)
    expect(decodeUp(concat(bytes, Uint8Array.of(0xc0)))).toEqual({ ok: false, error: "malformed" })
    expect(decodeUp(bytes.subarray(0, -1))).toEqual({ ok: false, error: "malformed" })
  }
})
