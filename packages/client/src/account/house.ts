/**
 * Which house this is. Its keys are pinned on first use; a house with other keys is another house, and nothing is said
 * to it. The incarnation never goes back (SECURITY R5).
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { ResponseOf } from "@teahouse/protocol/http/route.ts"
import type { Routes } from "@teahouse/protocol/http.ts"
import { incarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { verifyEd25519 } from "@teahouse/protocol/signature.ts"
import { speaks } from "@teahouse/protocol/version.ts"
import type { Call, CallError } from "../http.ts"
import type { Index } from "./index-store.ts"
import type { HousePin } from "./records.ts"

export type HouseAnswer = ResponseOf<Routes["house"]>
export type HouseError =
  | CallError
  | { readonly kind: "house_changed" }
  | { readonly kind: "unsupported_version" }

export async function readHouse(
  call: Call,
  index: Index,
): Promise<
  Result<
    { readonly answer: HouseAnswer; readonly pin: HousePin; readonly newIncarnation: boolean },
    HouseError
  >
> {
  const asked = await call("house", {})
  if (!asked.ok) return asked
  const answer = asked.value
  if (!speaks(answer)) return err({ kind: "unsupported_version" })
  const { house, houseKey, opaqueKey, incarnation } = answer
  const known = await index.house()
  if (
    known &&
    (known.house !== house || !sameBytes(known.houseKey, houseKey) || known.opaqueKey !== opaqueKey)
  )
    return err({ kind: "house_changed" })
  const signed = await verifyEd25519(houseKey, incarnation.signature, incarnationToSign(incarnation))
  if (!signed || incarnation.house !== house || incarnation.incarnation < (known?.incarnation ?? 0))
    return err({ kind: "house_changed" })
  const pin: HousePin = { house, houseKey, opaqueKey, incarnation: incarnation.incarnation }
  const newIncarnation = known !== undefined && known.incarnation < pin.incarnation
  if (!known || newIncarnation) await index.setHouse(pin)
  return ok({ answer, pin, newIncarnation })
}
