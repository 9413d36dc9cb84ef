/** A person's settings, profile and profile key: one record of the notebook. */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "./changes.ts"
import type { People } from "./contact/people.ts"
import { type Profile, publishProfile, storePicture } from "./contact/profile.ts"
import { checkText, STATUS_MAX } from "./content/name.ts"
import type { SettingsRecord } from "./content/notebook.ts"
import type { Crypto } from "./crypto/port.ts"
import type { Call } from "./http.ts"
import type { Notebook } from "./notebook.ts"
import { freshSettings, SETTINGS, settingsPage } from "./pages.ts"
import { pictureName, pictureType } from "./picture.ts"
import type { Problem } from "./problem.ts"
import type { SealedStore } from "./store/sealed.ts"
import type { SettingsChange, Settings as Shown } from "./view/port/account.ts"

/** Signs a nickname may have; the schema allows twice as many units. */
const NICKNAME_MAX = 32

export type SettingsParts = {
  readonly store: SealedStore
  readonly notebook: Notebook
  readonly crypto: Crypto
  readonly call: Call
  readonly changes: Changes
  readonly user: Id
  readonly people: People
}

/** Night hours stand ready for whoever turns them on. */
const freshTold = { quiet: "off", quietFrom: 22 * 60, quietTo: 8 * 60, hideContent: false } as const

const profileOf = ({ nickname, status, picture }: SettingsRecord): Profile => ({
  nickname,
  ...(status ? { status } : {}),
  ...(picture ? { picture } : {}),
})

export function settingsOf(record: SettingsRecord, user: Id): Shown {
  const {
    v: _,
    status = "",
    textSize = 100,
    told = freshTold,
    readReceipts = true,
    showTyping = true,
    picture,
    profileKey: __,
    profileVersion: ___,
    ...rest
  } = record
  const named = picture ? { picture: pictureName("person", user, picture) } : {}
  return { ...rest, status, textSize, told, readReceipts, showTyping, ...named }
}

export type Settings = Awaited<ReturnType<typeof loadSettings>>

export async function loadSettings(parts: SettingsParts) {
  const { store, notebook, crypto, call, changes, user, people } = parts
  let record: SettingsRecord = (await notebook.get(SETTINGS, settingsPage)) ?? freshSettings

  /** Oneself is shown like everybody else. */
  let drawn: Uint8Array | undefined
  const show = async () => {
    const { nickname, status = "", picture } = record
    const same = picture && drawn ? sameBytes(picture, drawn) : picture === drawn
    drawn = picture
    const named = same ? {} : { picture: await storePicture(store, user, picture) }
    await people.learn(user, { nickname, status, ...named })
    changes.emit(topics.settings, topics.session)
  }
  const change = async (
    { told, ...news }: Partial<Omit<SettingsRecord, "told">> & Pick<SettingsChange, "told">,
    without: readonly (keyof SettingsRecord)[] = [],
  ) => {
    await notebook.change(SETTINGS, settingsPage, (old) => {
      const next: SettingsRecord = { ...(old ?? freshSettings), ...news }
      if (told) next.told = { ...freshTold, ...old?.told, ...told }
      for (const name of without) delete next[name]
      return next
    })
    record = (await notebook.get(SETTINGS, settingsPage)) ?? record
    await show()
  }
  const profileKey = async (): Promise<Uint8Array> => {
    if (!record.profileKey) await change({ profileKey: crypto.sealed.newKey() })
    return record.profileKey as Uint8Array
  }
  /** Sealed for the house first: what friends cannot get is not shown to oneself either. */
  const publish = async (next: SettingsRecord, key: Uint8Array): Promise<Result<null, Problem>> => {
    const published = await publishProfile(crypto, call, user, key, record.profileVersion, profileOf(next))
    if (!published.ok) return published
    const { nickname, status, picture } = next
    const news = {
      nickname,
      profileKey: key,
      profileVersion: published.value,
      ...(status === undefined ? {} : { status }),
      ...(picture === undefined ? {} : { picture }),
    }
    await change(news, picture ? [] : ["picture"])
    return ok(null)
  }
  await show()

  return {
    value: (): Shown => settingsOf(record, user),
    /** What goes with a request and an acceptance. */
    profile: async () => ({
      key: await profileKey(),
      nickname: record.nickname,
      version: record.profileVersion,
    }),
    async set(news: SettingsChange): Promise<Result<null, Problem>> {
      const { nickname, status, picture: _, ...rest } = news
      const name = checkText(nickname ?? record.nickname, 2 * NICKNAME_MAX)
      if (!name.ok) return name
      if ([...name.value].length > NICKNAME_MAX) return err({ kind: "name_too_long" })
      const line = checkText(status ?? record.status ?? "", STATUS_MAX)
      if (!line.ok) return line
      if (Object.keys(rest).length > 0) await change(rest)
      if (name.value === record.nickname && line.value === (record.status ?? "")) return ok(null)
      return publish({ ...record, nickname: name.value, status: line.value }, await profileKey())
    },
    async setPicture(bytes: Uint8Array | null): Promise<Result<null, Problem>> {
      const { picture: _, ...rest } = record
      if (!bytes) return publish(rest, await profileKey())
      if (!pictureType(bytes)) return err({ kind: "bad_picture" })
      return publish({ ...rest, picture: bytes }, await profileKey())
    },
    /** A new key: who knew the old one reads nothing newer. Friends are told the new one (contact/introduce.ts). */
    rotate: (): Promise<Result<null, Problem>> => publish(record, crypto.sealed.newKey()),
    async reload() {
      record = (await notebook.get(SETTINGS, settingsPage)) ?? record
      await show()
    },
  }
}
