/** Join links: what a stranger sees of a group before joining, and how they ask a member's device to let them in. */
import * as z from "zod/mini"
import { base64, position, text, time } from "../fields.ts"
import { idText } from "../ids.ts"
import { limits } from "../limits.ts"
import { route } from "./route.ts"

const sealedPreview = base64(1, limits.previewBytes)
const keyPackage = base64(1, limits.keyPackageBytes)
const signature = base64(64, 64)

/** By the owner or an admin, after the commit that put the link into the policy. */
export const writeLink = route({
  method: "PUT",
  path: "/rooms/:room/links/:link",
  access: "device",
  request: z.strictObject({ preview: sealedPreview }),
  response: z.strictObject({}),
})

/** For whoever knows both ids, which stand in the fragment only. A link that does not work any more shows nothing. */
export const readLink = route({
  method: "GET",
  path: "/rooms/:room/links/:link",
  access: "device",
  request: undefined,
  response: z.strictObject({
    /** Absent while it has not been written. */
    preview: z.optional(sealedPreview),
    /** People in the group. */
    members: position,
    approval: z.boolean(),
    expires: time,
    /** Whether the caller is in the group already. */
    member: z.boolean(),
    /** The caller's own request, where there is one. */
    asked: z.optional(z.enum(["waiting", "declined"])),
  }),
})

/** Asking again replaces the key package of a request that waits: the device may have lost the first. */
export const requestJoin = route({
  method: "POST",
  path: "/rooms/:room/links/:link/requests",
  access: "device",
  request: z.strictObject({ keyPackage, signature }),
  response: z.strictObject({ id: idText }),
})

export const joinRequest = z.strictObject({
  id: idText,
  room: idText,
  link: idText,
  user: idText,
  username: text(1, 128),
  keyPackage,
  signature,
  time,
})
export type JoinRequest = z.infer<typeof joinRequest>

/** In all groups of this person; those that want approval only where they may give it. */
export const listJoins = route({
  method: "GET",
  path: "/join-requests",
  access: "device",
  request: undefined,
  response: z.strictObject({ requests: z.array(joinRequest) }),
})

/** By the owner or an admin; by whoever asked, it is withdrawn. */
export const declineJoin = route({
  method: "POST",
  path: "/join-requests/:request/decline",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({}),
})
