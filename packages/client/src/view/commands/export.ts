/** What is one's own, read from beginning to end without ever holding a chat or all that was kept. */

import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { SEGMENT } from "../../history/history.ts"
import type { Home } from "../../home.ts"
import { findPicture, pictureType } from "../../picture.ts"
import { roleIn } from "../../room/card.ts"
import { startOf } from "../../room/records.ts"
import type { RoomState } from "../../room/state.ts"
import { favouriteOf } from "../marks.ts"
import type { ChatToExport, ContactToExport, ExportCommands, PictureToExport } from "../port/export.ts"
import type { TimelineItem } from "../port/messages.ts"
import { titleOf } from "../room-list.ts"
import { lostOf, unitsOf } from "../timeline.ts"
import { done, type Handlers, notFound } from "./handler.ts"

const LIMIT_MAX = 500

/** For writing it anew, the author still has the text of what was recalled; to take it out of here would be to undo that. */
function settled(item: TimelineItem): TimelineItem {
  if (item.type !== "event" || item.event.kind !== "recalled") return item
  const { kind, person, mine } = item.event
  return { ...item, event: { kind, person, mine } }
}

function contactsToExport({ contacts, people }: Home): ContactToExport[] {
  const listed = contacts.all()
  const strangers = contacts.blocked().filter((user) => !listed.some((one) => one.user === user))
  const about = (user: Id) => {
    const { remark = "", nickname = "", status = "", tags = [] } = people.get(user) ?? {}
    return { ...people.person(user), remark, nickname, status, tags, blocked: contacts.isBlocked(user) }
  }
  return [
    ...listed.map(({ user, state, since }) => ({ ...about(user), relation: state, since })),
    ...strangers.map((user) => ({ ...about(user), relation: "stranger" as const })),
  ].sort((a, b) => a.name.localeCompare(b.name))
}

async function pictureToExport({ store }: Home, name: string): Promise<PictureToExport | undefined> {
  const bytes = await findPicture(store, name)
  const type = bytes && pictureType(bytes)
  return bytes && type ? { bytes, type } : undefined
}

function chatToExport(home: Home, { meta, group }: RoomState): ChatToExport {
  const { room, kind, users, nicks, composing } = meta
  const draft = composing?.edit?.stashed ?? meta.draft
  return {
    ...{ room, kind, title: titleOf(home, meta), habits: home.habits.of(meta) },
    ...(draft === "" ? {} : { draft }),
    ...(kind === "group"
      ? {
          members: users.map((user) => ({
            ...home.people.person(user),
            role: roleIn(group, user),
            nick: nicks?.[user]?.name ?? "",
          })),
        }
      : {}),
  }
}

const needed = err({ kind: "password_needed" } as const)

export const exportCommands: Handlers<Exclude<keyof ExportCommands, "beginExport">> = {
  async endExport(home, { pass }) {
    home.exportPasses.end(pass)
    return done
  },

  async exportSelf(home, { pass }) {
    if (!home.exportPasses.holds(pass)) return needed
    const { user, username } = home.account
    const { nickname, status, picture: name, ...settings } = home.settings.value()
    const picture = name === undefined ? undefined : await pictureToExport(home, name)
    const requests = (["in", "out"] as const).flatMap((direction) =>
      home.contacts.requests(direction).map((one) => ({
        direction,
        person: home.people.person(one.user),
        at: one.time,
        line: one.opened?.line ?? "",
      })),
    )
    return ok({
      profile: { user, username, nickname, status, ...(picture ? { picture } : {}) },
      settings,
      contacts: contactsToExport(home),
      requests,
      stickers: home.stickers.all().map(({ id, width, height }) => ({ id, width, height })),
      favourites: home.kept.names(),
    })
  },

  async exportPicture(home, { pass, picture: name }) {
    if (!home.exportPasses.holds(pass)) return needed
    const picture = await pictureToExport(home, name)
    return picture ? ok(picture) : notFound
  },

  async exportFavourite(home, { pass, id }) {
    if (!home.exportPasses.holds(pass)) return needed
    const kept = await home.kept.copyOf(id)
    const shown = kept && (await favouriteOf(home, kept))
    return shown ? ok(shown) : notFound
  },

  async exportChats(home, { pass }) {
    if (!home.exportPasses.holds(pass)) return needed
    const states = home.rooms
      .all()
      .map((actor) => actor.state())
      .filter(({ meta }) => meta.standing !== "pending")
    states.sort((a, b) => a.meta.at - b.meta.at)
    return ok({ chats: states.map((state) => chatToExport(home, state)) })
  },

  async exportPage(home, { pass, room, after, limit }) {
    if (!home.exportPasses.holds(pass)) return needed
    const state = home.rooms.get(room)?.state()
    if (!state) return notFound
    const { seq: end } = state.meta
    const wanted = Math.min(Math.max(1, limit), LIMIT_MAX)
    const items: TimelineItem[] = []
    // What was imported stands before everything, at negative positions; from −1 on the chat's own is next.
    const heads = home.imports.of(room)
    if (heads.length > 0 && (after === 0 || after < -1)) {
      const start = after === 0 ? Number.NEGATIVE_INFINITY : after + 1
      const { importedFrom } = await import("../imported.ts")
      items.push(...(await importedFrom(home, heads, start, wanted)))
      const last = items.at(-1)?.seq
      if (last !== undefined) return ok({ items, next: items.length > wanted ? last : -1 })
    }
    const lost = await lostOf(home, state)
    const start = startOf(state.meta)
    // What is lost may stand before all that is here; what the pages before this one have said is behind them.
    const left = [...lost.keys()].filter((number) => number >= Math.floor(after / SEGMENT))
    const first = Math.min(...left, Math.floor(Math.max(start, after) / SEGMENT))
    for (let number = first; number <= Math.floor(end / SEGMENT); number++) {
      for (const { seq, lines } of await unitsOf(home, state, number, lost)) {
        if (seq <= after) continue
        items.push(...(await lines()).map(settled))
        // What a restored house has lost stands between two positions, or after the last.
        if (items.length >= wanted && (seq < end || lost.size > 0)) return ok({ items, next: seq })
      }
    }
    return ok({ items })
  },
}
