/** Official vectors: a client that joins and follows, and must end with the same epoch authenticators. */
import {
  bytesToBase64,
  type ClientConfig,
  decodeMlsMessage,
  joinGroup,
  makePskIndex,
  processPrivateMessage,
  processPublicMessage,
} from "ts-mls"
import { defaultClientConfig } from "ts-mls/clientConfig.js"
import { decodeRatchetTree } from "ts-mls/ratchetTree.js"
import { describe, expect, test } from "vitest"
import { bytes, decoded, haveVectors, hex, ours, type Suited, suiteOf } from "./vectors.fixture.ts"

type Passive = Suited & {
  external_psks: { psk_id: string; psk: string }[]
  key_package: string
  signature_priv: string
  encryption_priv: string
  init_priv: string
  welcome: string
  ratchet_tree: string | null
  initial_epoch_authenticator: string
  epochs: { proposals: string[]; commit: string; epoch_authenticator: string }[]
}
const config: ClientConfig = {
  ...defaultClientConfig,
  lifetimeConfig: { ...defaultClientConfig.lifetimeConfig, validateLifetimeOnReceive: false },
}

async function follow(v: Passive): Promise<void> {
  const cs = await suiteOf(v.cipher_suite)
  const kp = decoded(decodeMlsMessage, v.key_package)
  const welcome = decoded(decodeMlsMessage, v.welcome)
  if (kp.wireformat !== "mls_key_package" || welcome.wireformat !== "mls_welcome") throw new Error()
  const keys = {
    hpkePrivateKey: bytes(v.encryption_priv),
    initPrivateKey: bytes(v.init_priv),
    signaturePrivateKey: bytes(v.signature_priv),
  }
  const psks = Object.fromEntries(v.external_psks.map((p) => [bytesToBase64(bytes(p.psk_id)), bytes(p.psk)]))
  const tree = v.ratchet_tree === null ? undefined : decoded(decodeRatchetTree, v.ratchet_tree)
  const index = makePskIndex(undefined, psks)
  let state = await joinGroup(welcome.welcome, kp.keyPackage, keys, index, cs, tree, undefined, config)
  expect(hex(state.keySchedule.epochAuthenticator)).toBe(v.initial_epoch_authenticator)
  for (const epoch of v.epochs) {
    for (const text of [...epoch.proposals, epoch.commit]) {
      const m = decoded(decodeMlsMessage, text)
      const known = makePskIndex(state, psks)
      if (m.wireformat === "mls_private_message") {
        state = (await processPrivateMessage(state, m.privateMessage, known, cs)).newState
      } else if (m.wireformat === "mls_public_message") {
        state = (await processPublicMessage(state, m.publicMessage, known, cs)).newState
      } else throw new Error(m.wireformat)
    }
    expect(hex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator)
  }
}

describe.runIf(haveVectors)("official vectors: a passive client", () => {
  for (const name of ["passive-client-welcome", "passive-client-handling-commit", "passive-client-random"]) {
    test.each(ours<Passive>(name))(`${name}: suite $suite, $i`, async ({ vector }) => follow(vector), 60_000)
  }
})
