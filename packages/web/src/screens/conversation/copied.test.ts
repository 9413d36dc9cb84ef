import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { textOf } from "../../text/use-text.ts"
import { copied } from "./copied.ts"

const message = (user: string, words: string, mine = false): MessageItem => ({
  type: "message",
  key: words,
  seq: 1,
  at: 0,
  from: { user: user as Id, username: user, name: `the remark on ${user}` },
  mine,
  text: words,
  body: { kind: "text" },
  mentions: [],
  reactions: [],
  may: { edit: false, recall: false, pin: false },
})

test("what is copied says the name that everybody knows, and never a remark", () => {
  const items = [message("lan", "tea?"), message("me", "yes", true), message("gone", "bye")]
  const members = [
    { user: "lan" as Id, publicName: "Lan" },
    { user: "me" as Id, publicName: "Me" },
  ]
  const words = copied(items, members, textOf("en"))
  expect(words).toBe("Lan: tea?\nYou: yes\ngone: bye")
  expect(words).not.toContain("remark")
})
