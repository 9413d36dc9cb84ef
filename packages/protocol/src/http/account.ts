/**
 * Accounts. The password never leaves the client: OPAQUE (RFC 9807) proves it, its export key wraps the account's root,
 * and the root wraps everything else (SECURITY R2). The server keeps sealed bytes that it cannot open.
 */
import * as z from "zod/mini"
import { base64, key32, position, signature64, text, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { incarnationStatement } from "../incarnation.ts"
import { keyLogEntries } from "../key-log-head.ts"
import { route } from "./route.ts"

const username = text(1, 128)
const opaqueText = text(1, 4096)

/** Argon2id: memory in KiB, passes, lanes. Clients refuse less than their minimum. */
export const stretching = z.strictObject({
  memory: z.int().check(z.minimum(8), z.maximum(1_048_576)),
  iterations: z.int().check(z.minimum(1), z.maximum(64)),
  parallelism: z.int().check(z.minimum(1), z.maximum(16)),
})
export type Stretching = z.infer<typeof stretching>

/** All of it is made by the client; the server can read the public keys only. */
export const vault = z.strictObject({
  /** Rises by one with each change; compare-and-set. */
  version: position,
  /** Ed25519 public identity key. */
  uik: key32,
  /** X25519 public key, and the UIK's signature over it. */
  vaultKey: key32,
  vaultKeySignature: signature64,
  /** The root, wrapped under the OPAQUE export key and under the recovery code. */
  rootByPassword: base64(32, 512),
  rootByRecovery: base64(32, 512),
  /** Ed25519 public key whose private half derives from the recovery code. */
  recoveryKey: key32,
  /** Private halves of the UIK and the vault key, wrapped under the root. */
  keys: base64(32, 2048),
})
export type Vault = z.infer<typeof vault>

/** A generation of account master keys, HPKE-sealed to the vault key. */
export const accountKey = z.strictObject({ generation: position, sealed: base64(32, 1024) })

export const session = z.strictObject({
  id: idText,
  /** 32 bytes; said once. */
  token: key32,
  expires: time,
})
export type Session = z.infer<typeof session>

export const house = route({
  method: "GET",
  path: "/house",
  access: "none",
  request: undefined,
  response: z.strictObject({
    house: idText,
    houseKey: key32,
    /** The OPAQUE server's static public key; clients pin both. */
    opaqueKey: text(1, 256),
    major: position,
    minor: position,
    incarnation: incarnationStatement,
    registration: z.enum(["open", "invite"]),
    /** What this house asks of a password at registration. */
    stretching,
    time,
  }),
})

/** By what one may register: an invitation, or a bot its owner's token (bot.ts). With a token the account is a bot, else a person. */
const admission = { invite: z.optional(key32), bot: z.optional(key32) }

export const registerStart = route({
  method: "POST",
  path: "/register/start",
  access: "none",
  /** `user` is chosen by the client, 16 random bytes; nothing is stored yet. */
  request: z.strictObject({ username, user: idText, request: opaqueText, ...admission }),
  response: z.strictObject({ response: opaqueText }),
})

export const registerFinish = route({
  method: "POST",
  path: "/register/finish",
  access: "none",
  request: z.strictObject({
    username,
    user: idText,
    record: opaqueText,
    stretching,
    vault,
    accountKey,
    /** The first device: its certificate and Ed25519 public key. */
    certificate: base64(1, 256),
    signatureKey: key32,
    /** The whole log of the new account: its identity, first key and first device. */
    keyLog: z.optional(keyLogEntries),
    ...admission,
  }),
  response: z.strictObject({ session }),
})

export const loginParameters = route({
  method: "POST",
  path: "/login/parameters",
  access: "none",
  request: z.strictObject({ username }),
  /** Unknown names get a stable, made-up answer. */
  response: z.strictObject({ user: idText, stretching }),
})

export const loginStart = route({
  method: "POST",
  path: "/login/start",
  access: "none",
  request: z.strictObject({ username, request: opaqueText }),
  response: z.strictObject({ login: idText, response: opaqueText }),
})

/** The session has no device yet: bind one with `bindDevice`. It is fresh for five minutes. */
const entered = z.strictObject({
  session,
  user: idText,
  username: text(1, 128),
  /** What stands in its certificates. */
  kind: z.enum(["person", "bot"]),
  /** The account generation that new certificates must carry. */
  generation: position,
  vault,
  accountKeys: z.array(accountKey).check(z.maxLength(1000)),
})

export const loginFinish = route({
  method: "POST",
  path: "/login/finish",
  access: "none",
  request: z.strictObject({ login: idText, finish: opaqueText }),
  response: entered,
})

/** OPAQUE's registration once more, for the account of this session. Nothing is stored yet. */
export const passwordStart = route({
  method: "POST",
  path: "/password/start",
  access: "renew",
  request: z.strictObject({ request: opaqueText }),
  response: z.strictObject({ response: opaqueText }),
})

/**
 * Sets the new password; every other session of the account ends in the same moment. What identity and vault key are made of is
 * not in it, so it cannot change. Sending the same again after a lost answer is harmless.
 */
export const passwordFinish = route({
  method: "POST",
  path: "/password/finish",
  access: "renew",
  request: z.strictObject({
    record: opaqueText,
    stretching,
    /** The vault's version plus one, else `version_conflict`. */
    version: position,
    rootByPassword: base64(32, 512),
    /** Both as they were, or both new; a session of the recovery code must replace them. */
    rootByRecovery: base64(32, 512),
    recoveryKey: key32,
    /** A second session that stays: the one of the device at which the password was proved anew. */
    keep: z.optional(idText),
  }),
  response: z.strictObject({}),
})

/** The recovery code in place of the password. Unknown names get a made-up answer; only `nonce` differs from one to the next. */
export const recoveryStart = route({
  method: "POST",
  path: "/recovery/start",
  access: "none",
  request: z.strictObject({ username }),
  response: z.strictObject({ challenge: idText, user: idText, nonce: key32 }),
})

/** `signature` by the code's sign-in key over `recoveryBytes`. The session is for `passwordStart` and `passwordFinish` first. */
export const recoveryFinish = route({
  method: "POST",
  path: "/recovery/finish",
  access: "none",
  request: z.strictObject({ challenge: idText, signature: signature64 }),
  response: entered,
})

export const logout = route({
  method: "POST",
  path: "/logout",
  access: "session",
  request: undefined,
  response: z.strictObject({}),
})

/**
 * For good, within five minutes of a proof of the password. Everything of the account goes: devices, sessions, keys, profile,
 * notebook, friendships on both sides. What stays is what the logs of others' rooms are made of, and the name, which nobody
 * gets again. Groups are to be left before, signed; where that was not done their members see a device that says nothing.
 */
export const deleteAccount = route({
  method: "POST",
  path: "/account/delete",
  access: "fresh",
  request: z.strictObject({}),
  response: z.strictObject({}),
})

/** Who this session is, for a client that starts again with a stored token. */
export const me = route({
  method: "GET",
  path: "/me",
  access: "session",
  request: undefined,
  response: z.strictObject({
    user: idText,
    username: text(1, 128),
    session: idText,
    device: z.nullable(idText),
    generation: position,
    selfRoom: z.nullable(idText),
  }),
})
