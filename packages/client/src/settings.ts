/** A person's settings, nickname and profile key: one record of the notebook. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "./changes.ts"
import { publishProfile } from "./contact/profile.ts"
import type { SettingsRecord } from "./content/notebook.ts"
import type { Crypto } from "./crypto/port.ts"
import type { Call } from "./http.ts"
import type { Notebook } from "./notebook.ts"
import { freshSettings, SETTINGS, settingsPage } from "./pages.ts"
import type { Problem } from "./problem.ts"
import type { SealedStore } from "./store/sealed.ts"
import type { Settings } from "./view/port.ts"

export type SettingsParts = {
  readonly store: SealedStore
  readonly notebook: Notebook
  readonly crypto: Crypto
  readonly call: Call
  readonly changes: Changes
  readonly user: Id
}

export async function loadSettings({ notebook, crypto, call, changes, user }: SettingsParts) {
  let record: SettingsRecord = (await notebook.get(SETTINGS, settingsPage)) ?? freshSettings

  const change = async (news: Partial<SettingsRecord>) => {
    await notebook.change(SETTINGS, settingsPage, (old) => ({ ...(old ?? freshSettings), ...news }))
    record = (await notebook.get(SETTINGS, settingsPage)) ?? record
    changes.emit(topics.settings, topics.session)
  }
  const profileKey = async (): Promise<Uint8Array> => {
    if (!record.profileKey) await change({ profileKey: crypto.sealed.newKey() })
    return record.profileKey as Uint8Array
  }

  return {
    value: (): Settings => {
      const { language, theme, enterSends, nickname } = record
      return { language, theme, enterSends, nickname }
    },
    /** What goes with a request and an acceptance. */
    profile: async () => ({ key: await profileKey(), nickname: record.nickname }),
    async set(news: Partial<Settings>): Promise<Result<null, Problem>> {
      const { nickname, ...rest } = news
      const name = nickname === undefined ? undefined : [...nickname.trim()].slice(0, 32).join("")
      if (name !== undefined && name !== record.nickname) {
        const key = await profileKey()
        const published = await publishProfile(crypto, call, user, key, record.profileVersion, name)
        if (!published.ok) return published
        await change({ ...rest, nickname: name, profileVersion: published.value })
      } else await change(rest)
      return ok(null)
    },
    async reload() {
      record = (await notebook.get(SETTINGS, settingsPage)) ?? record
      changes.emit(topics.settings, topics.session)
    },
  }
}
