/** The notebook's records by name, and how two devices' changes come together. */
import type { Id } from "@teahouse/protocol/ids.ts"
import {
  type ContactRecord,
  contactRecord,
  type ReadPosition,
  readPosition,
  type SettingsRecord,
  settings,
} from "./content/notebook.ts"
import type { Page } from "./notebook.ts"

export const SETTINGS = "settings"
export const readName = (room: Id) => `read/${room}`
export const contactName = (user: Id) => `contact/${user}`

export const settingsPage: Page<SettingsRecord> = {
  schema: settings,
  merge(mine, theirs) {
    const profileKey = theirs.profileKey ?? mine.profileKey
    const profileVersion = Math.max(mine.profileVersion, theirs.profileVersion)
    return { ...mine, profileVersion, ...(profileKey ? { profileKey } : {}) }
  },
}

export const readPage: Page<ReadPosition> = {
  schema: readPosition,
  merge: (mine, theirs) => (mine.incarnation === theirs.incarnation && mine.seq < theirs.seq ? theirs : mine),
}

/** Whoever pinned first stays pinned. */
export const contactPage: Page<ContactRecord> = {
  schema: contactRecord,
  merge: (mine, theirs) => ({ ...theirs, ...mine, uik: theirs.uik }),
}

export function pageOf(name: string): Page<never> | undefined {
  const found: unknown =
    name === SETTINGS
      ? settingsPage
      : name.startsWith("read/")
        ? readPage
        : name.startsWith("contact/")
          ? contactPage
          : undefined
  return found as Page<never> | undefined
}

export const freshSettings: SettingsRecord = {
  v: 1,
  language: "auto",
  theme: "system",
  enterSends: true,
  nickname: "",
  profileVersion: 0,
}
