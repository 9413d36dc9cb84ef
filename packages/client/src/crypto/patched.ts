/**
 * The client starts only on the patched library (patches/ts-mls+1.6.4.patch): on the original, valid groups become
 * unjoinable and a removed device can go on reading. Evaluated when mls-crypto.ts is loaded.
 */
import { assertPatched } from "@teahouse/judge/suite.ts"

assertPatched()
export const patched = true
