/**
 * Every key and every signature has its own label, so that nothing made for one purpose is ever valid for another
 * (SECURITY "Sessions and edges"). A label is followed by a zero byte where it is hashed or signed.
 */
import { concat, utf8 } from "./bytes.ts"

export const label = (name: string): Uint8Array => concat(utf8(`teahouse/${name}/v1`), new Uint8Array(1))

export const labels = {
  certificate: label("device certificate"),
  greeting: label("socket greeting"),
  bind: label("device binds session"),
  notice: label("room notice"),
  chain: label("chain"),
  headLeaf: label("head leaf"),
  headNode: label("head node"),
  head: label("signed heads"),
  incarnation: label("incarnation"),
  roomIncarnation: label("room incarnation"),
  groupId: label("group id"),
  message: label("message"),
  attestation: label("attestation"),
  vaultKey: label("vault key"),
  join: label("join request"),
  recovery: label("recovery sign-in"),
  revocation: label("device revocation"),
  keyLog: label("key log entry"),
  keyLogHash: label("key log chain"),
  keyLogHead: label("key log head"),
} as const
