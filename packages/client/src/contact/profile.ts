/**
 * Profiles (nickname, picture, status line): sealed under a key that travels in request and acceptance; the house keeps the
 * newest sealed version. What another client wrote is cleaned, and a picture that is none is left out.
 */
import type { Id } from "@teahouse/protocol/ids.ts"
import { pack, unpack } from "@teahouse/protocol/pack.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import * as z from "zod/mini"
import { NAME_MAX, STATUS_MAX, shownName } from "../content/name.ts"
import { profileRecord } from "../content/notebook.ts"
import type { Crypto } from "../crypto/port.ts"
import type { Call } from "../http.ts"
import { dropPicture, keepPicture, pictureName, pictureType } from "../picture.ts"
import type { Problem } from "../problem.ts"
import type { SealedStore } from "../store/sealed.ts"
import type { People } from "./people.ts"

type Parts = {
  readonly crypto: Crypto
  readonly call: Call
  readonly people: People
  readonly store: SealedStore
}

export type Profile = {
  readonly nickname: string
  readonly status?: string
  readonly picture?: Uint8Array
}

/** Fetches what is newer than what is known, where the key is known. */
export async function fetchProfile(
  { crypto, call, people, store }: Parts,
  user: Id,
  version: number,
): Promise<void> {
  const known = people.get(user)
  if (!known?.profileKey || version === 0 || (known.profileVersion ?? 0) >= version) return
  const answer = await call("readProfile", { params: { user } })
  if (!answer.ok || answer.value.version < version) return
  const { sealed } = answer.value
  const plain = await crypto.sealed.openProfile(known.profileKey, user, answer.value.version, sealed)
  const value = plain.ok ? unpack(plain.value, 64 * 1024) : undefined
  const parsed = value?.ok ? z.safeParse(profileRecord, value.value) : undefined
  if (!parsed?.success) return
  const { nickname, status = "", picture } = parsed.data
  await people.learn(user, {
    nickname: shownName(nickname, NAME_MAX),
    status: shownName(status, STATUS_MAX),
    picture: await storePicture(store, user, picture),
    profileVersion: answer.value.version,
  })
}

/** Its name; empty where there is none. */
export async function storePicture(
  store: SealedStore,
  user: Id,
  bytes: Uint8Array | undefined,
): Promise<string> {
  const drawn = bytes && pictureType(bytes) ? bytes : undefined
  await store.write([drawn ? keepPicture("person", user, drawn) : dropPicture("person", user)])
  return drawn ? pictureName("person", user, drawn) : ""
}

/** The version under which it was taken; another device may have been faster, then the next one is tried. */
export async function publishProfile(
  crypto: Crypto,
  call: Call,
  user: Id,
  key: Uint8Array,
  after: number,
  profile: Profile,
): Promise<Result<number, Problem>> {
  let version = after + 1
  for (let attempt = 0; attempt < 3; attempt++) {
    const sealed = await crypto.sealed.sealProfile(key, user, version, pack({ v: 1, ...profile }))
    const answer = await call("writeProfile", { request: { version, sealed } })
    if (answer.ok) return ok(version)
    if (answer.error.kind !== "version_conflict") return answer
    const now = await call("readProfile", { params: { user } })
    if (!now.ok) return now
    version = now.value.version + 1
  }
  return err({ kind: "version_conflict" })
}
