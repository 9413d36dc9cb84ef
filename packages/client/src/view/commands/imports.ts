/** An import's bundles, in the chat with oneself. */
import { err } from "@teahouse/protocol/result.ts"
import type { ImportCommands } from "../port/imports.ts"
import type { Handlers } from "./handler.ts"
import { post, writable } from "./writing.ts"

export const importCommands: Handlers<keyof ImportCommands> = {
  async importLines(home, { room, title, lines }) {
    const where = writable(home, room)
    if (!where.ok) return where
    const { actor, state } = where.value
    if (state.meta.kind !== "self") return err({ kind: "not_allowed" })
    const alt = lines.map(({ name, text }) => (name === "" ? text : `${name}: ${text}`)).join("\n")
    return post(actor, { kind: "bundle", alt: alt.slice(0, 1_000), title, items: [...lines] })
  },
}
