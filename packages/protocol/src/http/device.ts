/** Devices, the keys by which others reach them, and the invitations that wait for them. */
import * as z from "zod/mini"
import { base64, count, key32, position, signature64, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { keyLogEntries, keyLogHead, keyLogPage } from "../key-log-head.ts"
import { limits } from "../limits.ts"
import { accountKey } from "./account.ts"
import { route } from "./route.ts"

const keyPackage = base64(1, limits.keyPackageBytes)

export const device = z.strictObject({
  device: idText,
  certificate: base64(1, 256),
  signatureKey: key32,
})
export type DeviceRecord = z.infer<typeof device>

/** Binds this session to a device: a new one (a fresh session), or one that this account has already. */
export const bindDevice = route({
  method: "POST",
  path: "/devices",
  access: "session",
  request: z.strictObject({
    device: idText,
    certificate: base64(1, 256),
    signatureKey: key32,
    /** By the device key over `bindBytes`. */
    signature: signature64,
    /** That it was added, where the account has a log. `version_conflict` where it does not follow what is there. */
    keyLog: z.optional(keyLogEntries),
  }),
  response: z.strictObject({}),
  maxBytes: 1024 * 1024,
})

/**
 * The beginning of a log, for an account of before there were any: its identity, account keys and devices as they are. Every other
 * entry comes with the change that it tells of.
 */
export const beginKeyLog = route({
  method: "POST",
  path: "/key-log",
  access: "fresh",
  request: z.strictObject({ entries: keyLogEntries }),
  response: z.strictObject({}),
  maxBytes: 1024 * 1024,
})

/** Of oneself, a friend, or somebody in a common room: from after a position on, and the head of all of it. */
export const readKeyLog = route({
  method: "GET",
  path: "/users/:user/key-log",
  access: "session",
  request: z.strictObject({ after: z.coerce.number().check(z.int(), z.nonnegative()) }),
  response: z.strictObject({ entries: keyLogPage, head: keyLogHead }),
})

/** Of oneself, a friend, or somebody in a common room. */
export const listDevices = route({
  method: "GET",
  path: "/users/:user/devices",
  access: "device",
  request: undefined,
  response: z.strictObject({ devices: z.array(device) }),
})

/** The account's own, oldest first; none that was revoked. */
export const ownDevices = route({
  method: "GET",
  path: "/devices",
  access: "device",
  request: undefined,
  response: z.strictObject({
    devices: z.array(
      z.strictObject({
        device: idText,
        added: time,
        /** When its socket last came or went; null: it is here now. 0: never. */
        seen: z.nullable(time),
      }),
    ),
  }),
})

const MOST_DEVICES = 1000

/**
 * Their sessions end, nobody can add them to a room any more, and they never become this account's again. In the same moment every room
 * that they are in is told (notice `device_revoked`), nobody sends there before a commit has removed their leaves, and the account's
 * next generation begins. Sending the same again is harmless; `version_conflict` where another generation has begun, another device
 * has come or gone, or one of these went by another request.
 */
export const revokeDevices = route({
  method: "POST",
  path: "/devices/revoke",
  access: "fresh",
  request: z.strictObject({
    /** Each with the account's identity key's signature over `revocationBytes`. None: a restored house has lost the device, too. */
    revocations: z
      .array(z.strictObject({ device: idText, signature: signature64 }))
      .check(z.maxLength(MOST_DEVICES)),
    /** Its number is the account's new generation. */
    accountKey,
    /** Of that generation, one for each device that stays. */
    certificates: z
      .array(z.strictObject({ device: idText, certificate: base64(1, 256) }))
      .check(z.maxLength(MOST_DEVICES)),
    /** That they were revoked, and the account key, where the account has a log. */
    keyLog: z.optional(keyLogEntries),
  }),
  response: z.strictObject({}),
  maxBytes: 1024 * 1024,
})

export const publishKeyPackages = route({
  method: "POST",
  path: "/key-packages",
  access: "device",
  request: z.strictObject({
    oneTime: z.array(keyPackage).check(z.maxLength(limits.oneTimeKeyPackages)),
    lastResort: z.optional(keyPackage),
    /** Those that lie here are of an older certificate: they go in the same moment. */
    replace: z.optional(z.literal(true)),
  }),
  response: z.strictObject({ oneTime: count }),
  maxBytes: 1024 * 1024,
})

export const countKeyPackages = route({
  method: "GET",
  path: "/key-packages",
  access: "device",
  request: undefined,
  response: z.strictObject({ oneTime: count, lastResortSince: z.nullable(time) }),
})

export const claimed = z.strictObject({
  device: idText,
  certificate: base64(1, 256),
  signatureKey: key32,
  keyPackage,
  lastResort: z.boolean(),
})
export type ClaimedKeyPackage = z.infer<typeof claimed>

/** One for each device of a friend, of somebody in a common room, or of oneself. Each one-time package is given out once. */
export const claimKeyPackages = route({
  method: "POST",
  path: "/users/:user/key-packages",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({ packages: z.array(claimed) }),
})

export const welcome = z.strictObject({
  id: idText,
  room: idText,
  generation: position,
  /** The position of the commit that added this device: the log goes on from the next. */
  seq: position,
  hash: base64(32, 32),
  incarnation: position,
  /** MLSMessage mls_welcome, without a tree. */
  welcome: base64(1, limits.commitRequestBytes),
  /** MLSMessage mls_group_info of the epoch the welcome leads to, with the tree. */
  groupInfo: base64(1, limits.commitRequestBytes),
  from: idText,
  time,
})
export type WaitingWelcome = z.infer<typeof welcome>

/** Those of friend requests that are not accepted yet are not listed. Oldest first. */
export const listWelcomes = route({
  method: "GET",
  path: "/welcomes",
  access: "device",
  request: undefined,
  response: z.strictObject({ welcomes: z.array(welcome).check(z.maxLength(16)), more: z.boolean() }),
})

export const ackWelcomes = route({
  method: "POST",
  path: "/welcomes/ack",
  access: "device",
  request: z.strictObject({ ids: z.array(idText).check(z.maxLength(64)) }),
  response: z.strictObject({}),
})
