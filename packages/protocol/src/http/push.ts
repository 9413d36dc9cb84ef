/**
 * Web Push for a closed browser: the house asks the browser's push service to wake a device. Nothing is sent but that
 * (RFC 8030 without a body), so there is nothing to encrypt and no key of the subscription is needed (RFC 8291 is not used).
 */
import * as z from "zod/mini"
import { base64, text } from "../fields.ts"
import { route } from "./route.ts"

export const PUSH_ENDPOINT_MAX = 1024

/** The P-256 public key, uncompressed, by which push services know this house (RFC 8292). */
export const pushKey = route({
  method: "GET",
  path: "/push",
  access: "device",
  request: undefined,
  response: z.strictObject({ key: base64(65, 65) }),
})

/** One for each device; a new one takes the place of the last. */
export const subscribePush = route({
  method: "PUT",
  path: "/push",
  access: "device",
  request: z.strictObject({ endpoint: text(1, PUSH_ENDPOINT_MAX) }),
  response: z.strictObject({}),
})

export const unsubscribePush = route({
  method: "POST",
  path: "/push/end",
  access: "device",
  request: z.strictObject({}),
  response: z.strictObject({}),
})
