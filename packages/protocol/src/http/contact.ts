/**
 * Friends. A request is an invitation to a private room (SECURITY "Key packages and requests"): it brings the room, its
 * welcome, and a first line sealed to each device, which can be read before accepting; accepting is joining.
 */
import * as z from "zod/mini"
import { base64, position, text, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { limits } from "../limits.ts"
import { NOTICE_MAX_BYTES } from "../notice.ts"
import { claimed, device } from "./device.ts"
import { newRoom, placed } from "./room.ts"
import { route } from "./route.ts"

export const contact = z.strictObject({
  user: idText,
  username: text(1, 128),
  kind: z.enum(["person", "bot"]),
  /** `removed`: the room is frozen; a new request resumes it. */
  state: z.enum(["friend", "removed"]),
  room: idText,
  since: time,
  /** Version of the sealed profile, 0 if there is none. */
  profile: position,
})
export type Contact = z.infer<typeof contact>

export const friendRequest = z.strictObject({
  id: idText,
  direction: z.enum(["in", "out"]),
  user: idText,
  username: text(1, 128),
  room: idText,
  time,
  /** Sealed to this device (only `in`, only where it was sealed for this device). */
  line: z.optional(base64(1, 4096)),
  /** The asking device's certificate and key, by which the line is opened (only `in`). */
  from: z.optional(device),
})
export type FriendRequest = z.infer<typeof friendRequest>

export const listContacts = route({
  method: "GET",
  path: "/contacts",
  access: "device",
  request: undefined,
  response: z.strictObject({
    contacts: z.array(contact),
    requests: z.array(friendRequest),
    /** 黑名单, newest first. */
    blocked: z.array(z.strictObject({ user: idText, username: text(1, 128), since: time })),
  }),
})

/** By exact name. Gives last-resort key packages only; asking twice gives the same. */
export const findUser = route({
  method: "POST",
  path: "/users/find",
  access: "device",
  request: z.strictObject({ username: text(1, 128) }),
  response: z.strictObject({
    user: idText,
    username: text(1, 128),
    /** A room from an earlier friendship, to be resumed. */
    room: z.nullable(idText),
    packages: z.array(claimed),
  }),
})

export const sendRequest = route({
  method: "POST",
  path: "/contacts/requests",
  access: "device",
  request: z.strictObject({
    to: idText,
    /** Absent exactly where `findUser` named a room to resume. */
    room: z.optional(newRoom),
    /** One for each device, HPKE-sealed to its key package. */
    lines: z
      .array(z.strictObject({ device: idText, sealed: base64(1, 4096) }))
      .check(z.maxLength(limits.userDevices)),
  }),
  /** `placed`: the last entry written, where a room was opened. */
  response: z.strictObject({ request: idText, room: idText, placed: z.optional(placed) }),
  maxBytes: limits.commitRequestBytes,
})

/** With the notice `resumed`, which names the room's last hash. */
export const acceptRequest = route({
  method: "POST",
  path: "/contacts/requests/:request/accept",
  access: "device",
  request: z.strictObject({ n: position, notice: base64(1, NOTICE_MAX_BYTES) }),
  response: z.strictObject({ room: idText, placed }),
})

/** By either side: declines or withdraws. A room that was opened for the request goes with it. */
export const declineRequest = route({
  method: "POST",
  path: "/contacts/requests/:request/decline",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({}),
})

/** With the notice `frozen`. */
export const removeContact = route({
  method: "POST",
  path: "/contacts/:user/remove",
  access: "device",
  request: z.strictObject({ n: position, notice: base64(1, NOTICE_MAX_BYTES) }),
  response: z.strictObject({ placed }),
})

/**
 * Nothing of this person reaches the caller any more but what they say in common groups. A friendship ends with it, and then
 * the notice `frozen` for its room is needed (else `stale_head`). Requests between the two go. The other one
 * is told no more than that the friendship has ended. Blocking twice is harmless.
 */
export const blockUser = route({
  method: "POST",
  path: "/contacts/:user/block",
  access: "device",
  request: z.strictObject({
    frozen: z.optional(z.strictObject({ n: position, notice: base64(1, NOTICE_MAX_BYTES) })),
  }),
  response: z.strictObject({ placed: z.optional(placed) }),
})

export const unblockUser = route({
  method: "POST",
  path: "/contacts/:user/unblock",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({}),
})
