/** The notebook's records by name, and how two devices' changes come together. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { isOlderVault } from "./account/vault.ts"
import {
  type ChatRecord,
  type ContactRecord,
  chatRecord,
  contactRecord,
  type DeviceRecord,
  deviceRecord,
  FAVOURITES_MAX,
  type FavouriteRecord,
  type FavouritesRecord,
  favouriteRecord,
  favouritesRecord,
  type HiddenRecord,
  hiddenRecord,
  IMPORTS_MAX,
  type ImportsRecord,
  importsRecord,
  type ReadPosition,
  type RosterRecord,
  readPosition,
  rosterRecord,
  type SettingsRecord,
  STICKERS_MAX,
  type StickerRecord,
  type StickersRecord,
  settings,
  stickerRecord,
  stickersRecord,
  type VaultRecord,
  vaultRecord,
} from "./content/notebook.ts"
import type { Page } from "./notebook/page.ts"

export const SETTINGS = "settings"
export const readName = (room: Id) => `read/${room}`
export const contactName = (user: Id) => `contact/${user}`
export const chatName = (room: Id) => `chat/${room}`

export const settingsPage: Page<SettingsRecord> = {
  schema: settings,
  merge(mine, theirs) {
    const profileKey = theirs.profileKey ?? mine.profileKey
    const profileVersion = Math.max(mine.profileVersion, theirs.profileVersion)
    return { ...mine, profileVersion, ...(profileKey ? { profileKey } : {}) }
  },
}

const newer = <T extends { readonly at: number }>(mine: T | undefined, theirs: T | undefined) =>
  mine && theirs ? (mine.at >= theirs.at ? mine : theirs) : (mine ?? theirs)

/** Of what was seen of a key log. */
const further = (mine: ContactRecord["keys"], theirs: ContactRecord["keys"]) =>
  !mine || (theirs && (theirs.life - mine.life || theirs.position - mine.position) > 0) ? theirs : mine

export const readPage: Page<ReadPosition> = {
  schema: readPosition,
  merge(mine, theirs) {
    if (mine.incarnation !== theirs.incarnation) return mine
    const later = (mine.head?.life ?? 0) - (theirs.head?.life ?? 0)
    // What was read of a part that a restored house has lost says nothing of what stands there now.
    const behind = later === 0 ? mine.seq < theirs.seq : later < 0
    const { head: _, ...further } = behind ? theirs : mine
    const older = later === 0 ? (mine.head?.seq ?? 0) < (theirs.head?.seq ?? 0) : later < 0
    const head = older ? theirs.head : mine.head
    return head ? { ...further, head } : further
  },
}

/** Whoever pinned first stays pinned, unless the person decided since; of each note the newest holds. */
export const contactPage: Page<ContactRecord> = {
  schema: contactRecord,
  merge(mine, theirs) {
    const decided = (mine.decidedAt ?? 0) > (theirs.decidedAt ?? 0) ? mine : theirs
    const verified = newer(mine.verified, theirs.verified)
    const keys = further(mine.keys, theirs.keys)
    const {
      remark,
      remarkAt,
      tags,
      tagsAt,
      decidedAt: _,
      ...rest
    } = { ...theirs, ...mine, uik: decided.uik, ...(verified ? { verified } : {}), ...(keys ? { keys } : {}) }
    const named = (mine.remarkAt ?? 0) >= (theirs.remarkAt ?? 0) ? mine : theirs
    const sorted = (mine.tagsAt ?? 0) >= (theirs.tagsAt ?? 0) ? mine : theirs
    return {
      ...rest,
      ...(named.remark === undefined ? {} : { remark: named.remark }),
      ...(named.remarkAt === undefined ? {} : { remarkAt: named.remarkAt }),
      ...(sorted.tags === undefined ? {} : { tags: sorted.tags }),
      ...(sorted.tagsAt === undefined ? {} : { tagsAt: sorted.tagsAt }),
      ...(decided.decidedAt === undefined ? {} : { decidedAt: decided.decidedAt }),
    }
  },
}

export const chatPage: Page<ChatRecord> = {
  schema: chatRecord,
  merge(mine, theirs) {
    const pinned = newer(mine.pinned, theirs.pinned)
    const level = newer(mine.level, theirs.level)
    const unread = newer(mine.unread, theirs.unread)
    const hidden = newer(mine.hidden, theirs.hidden)
    const kept = newer(mine.kept, theirs.kept)
    return {
      v: mine.v,
      ...(pinned ? { pinned } : {}),
      ...(level ? { level } : {}),
      ...(unread ? { unread } : {}),
      ...(hidden ? { hidden } : {}),
      ...(kept ? { kept } : {}),
    }
  },
}

export const deviceName = (device: Id) => `device/${device}`
export const devicePage: Page<DeviceRecord> = {
  schema: deviceRecord,
  merge: (mine, theirs) => (mine.at >= theirs.at ? mine : theirs),
}

export const rosterName = (room: Id) => `roster/${room}`
/** The word about the later group holds. */
export const rosterPage: Page<RosterRecord> = {
  schema: rosterRecord,
  merge: (mine, theirs) =>
    (theirs.life - mine.life || theirs.generation - mine.generation || theirs.epoch - mine.epoch) > 0
      ? theirs
      : mine,
}

export const VAULT = "vault"
export const vaultPage: Page<VaultRecord> = {
  schema: vaultRecord,
  merge: (mine, theirs) => (isOlderVault(mine, theirs) ? theirs : mine),
}

export const FAVOURITES = "favourites"
export const hiddenName = (room: Id, incarnation: number, span: number) =>
  `hidden/${room}/${incarnation}/${span}`
export const favouriteName = (room: Id, incarnation: number, seq: number) =>
  `favourite/${room}/${incarnation}/${seq}`

/** What was deleted on either device stays deleted. */
export const hiddenPage: Page<HiddenRecord> = {
  schema: hiddenRecord,
  merge(mine, theirs) {
    const [long, short] = mine.bits.length < theirs.bits.length ? [theirs, mine] : [mine, theirs]
    return { v: 1, bits: long.bits.map((byte, at) => byte | (short.bits[at] ?? 0)) }
  },
}

/** For each message the later word. Words of no more are forgotten first. */
export const favouritesPage: Page<FavouritesRecord> = {
  schema: favouritesRecord,
  merge(mine, theirs) {
    const all = new Map<string, FavouritesRecord["all"][number]>()
    for (const one of [...theirs.all, ...mine.all]) {
      const name = favouriteName(one.room, one.incarnation, one.seq)
      if ((all.get(name)?.at ?? -1) <= one.at) all.set(name, one)
    }
    return { v: 1, all: shortened([...all.values()]) }
  },
}
export function shortened(all: FavouritesRecord["all"]): FavouritesRecord["all"] {
  const newest = all.sort((a, b) => Number(b.on) - Number(a.on) || b.at - a.at)
  return newest.slice(0, 2 * FAVOURITES_MAX)
}

export const favouritePage: Page<FavouriteRecord> = { schema: favouriteRecord, merge: (mine) => mine }

export const STICKERS = "stickers"
export const stickerName = (id: Id) => `sticker/${id}`

/** For each the later word, as with favourites; one that came back on either device is there. */
export const stickersPage: Page<StickersRecord> = {
  schema: stickersRecord,
  merge(mine, theirs) {
    const all = new Map<Id, StickersRecord["all"][number]>()
    for (const one of [...theirs.all, ...mine.all])
      if ((all.get(one.id)?.at ?? -1) <= one.at) all.set(one.id, one)
    return { v: 1, all: newestStickers([...all.values()]) }
  },
}
/** Words of no more are forgotten first. */
export function newestStickers(all: StickersRecord["all"]): StickersRecord["all"] {
  const newest = all.sort((a, b) => Number(b.on) - Number(a.on) || b.at - a.at)
  return newest.slice(0, 2 * STICKERS_MAX)
}

/** Its name says what its picture is, so the one that has it is right. */
export const stickerPage: Page<StickerRecord> = {
  schema: stickerRecord,
  merge: (mine, theirs) => (mine.picture.length > 0 ? mine : theirs),
}

export const IMPORTS = "imports"
/** For each import of a chat the later word. */
export const importsPage: Page<ImportsRecord> = {
  schema: importsRecord,
  merge(mine, theirs) {
    const all = new Map<string, ImportsRecord["all"][number]>()
    for (const one of [...theirs.all, ...mine.all]) {
      const name = `${one.room}/${one.digest.join()}`
      if ((all.get(name)?.at ?? -1) <= one.at) all.set(name, one)
    }
    return { v: 1, all: [...all.values()].slice(-IMPORTS_MAX) }
  },
}

const whole = new Map<string, unknown>([
  [IMPORTS, importsPage],
  [SETTINGS, settingsPage],
  [FAVOURITES, favouritesPage],
  [STICKERS, stickersPage],
  [VAULT, vaultPage],
])
const families = new Map<string, unknown>([
  ["read", readPage],
  ["contact", contactPage],
  ["chat", chatPage],
  ["device", devicePage],
  ["hidden", hiddenPage],
  ["favourite", favouritePage],
  ["sticker", stickerPage],
  ["roster", rosterPage],
])

/** What a name is, whoever wrote it. */
export const pageOf = (name: string): Page<never> | undefined =>
  (whole.get(name) ?? families.get(name.slice(0, Math.max(0, name.indexOf("/"))))) as Page<never> | undefined

/** Records that have a name here. */
export function pagesOf(friends: readonly Id[], rooms: readonly Id[]): Map<string, Page<never> | undefined> {
  const ofRooms = rooms.flatMap((room) => [readName(room), chatName(room), rosterName(room)])
  const names = [...whole.keys(), ...friends.map(contactName), ...ofRooms]
  return new Map(names.map((name) => [name, pageOf(name)]))
}

export const freshSettings: SettingsRecord = {
  v: 1,
  language: "auto",
  theme: "system",
  enterSends: true,
  nickname: "",
  profileVersion: 0,
}
