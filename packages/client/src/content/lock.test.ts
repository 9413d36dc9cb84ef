/**
 * The content lock: a change of what is sealed must be seen, because ciphertext is for ever. Whoever changes a schema
 * raises CONTENT_VERSION where an older reader would misunderstand, adds a line here, and keeps the golden bytes readable.
 */
import { toBase64url, utf8 } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import * as z from "zod/mini"
import { ephemeral } from "./ephemeral.ts"
import { decodeFirstLine, encodeFirstLine, firstLine } from "./first-line.ts"
import { anyKind, type Draft, decodeContent, encodeContent, known } from "./message.ts"
import {
  chatRecord,
  contactRecord,
  deviceRecord,
  favouriteRecord,
  favouritesRecord,
  hiddenRecord,
  importsRecord,
  profileRecord,
  readPosition,
  rosterRecord,
  settings,
  stickerRecord,
  stickersRecord,
  vaultRecord,
} from "./notebook.ts"
import { stickerOf } from "./sticker.fixture.ts"
import { CONTENT_VERSION } from "./version.ts"

const history: Record<number, string> = {
  /**
   * 1: text, profile, first line, settings, read position, contact.
   *    Since then: card; edit, recall, reaction, pin, vote, pollEnd, receipt, timer, which a reader that does not know them
   *    passes over; file; poll and bundle, which carry what it shows; and what a text may carry besides (whom it names, what it
   *    answers, that it was forwarded, when it disappears).
   *    A card's picture and links, which are left out by a reader that does not know them; nick and nicks, passed over.
   *    Settings: told, readReceipts, showTyping (optional).
   *    Status and picture of a profile, text size, remark and tags with their times (all optional); chat habits.
   *    What is deleted for oneself, what is kept, and what is said off the log.
   *    sticker, which carries what it shows, and one's own stickers; a file is no sticker any more (nothing ever sent one).
   *    A bundle's line says that it was a sticker, and an answer that it answers one, or a bundle (optional).
   *    A contact's verified mark, and when a person went on with another key (optional).
   *    Where a room stood when it was read (optional). What a device is called.
   *    pastRequest and pastOffer, passed over.
   *    accountKey and accountKeyWanted, between one's own devices, passed over.
   *    Where key logs stand, in any content and for a contact (optional).
   *    In which life of a restored house a room stood when it was read (optional). The file of a bundle's line (optional).
   *    notebookHead, between one's own devices, passed over; which vault opened the account, and who is in a room.
   *    What was imported into which chat.
   *    That a restored house had lost it, and its number then (optional, of every kind).
   */
  1: "_JR-wvm_OtuAG7Rwsb6tHAG-FK9IwxQKwdcpQdaYtCk",
}

function fingerprint(): string {
  const shape = (schema: z.core.$ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })
  const all = [
    known,
    anyKind,
    firstLine,
    settings,
    readPosition,
    contactRecord,
    profileRecord,
    chatRecord,
    importsRecord,
    deviceRecord,
    hiddenRecord,
    favouritesRecord,
    favouriteRecord,
    stickersRecord,
    stickerRecord,
    vaultRecord,
    rosterRecord,
    ephemeral,
  ].map(shape)
  return toBase64url(sha256(utf8(JSON.stringify(all))))
}

test("the schemas are those of this version", () => {
  expect(fingerprint()).toBe(history[CONTENT_VERSION])
})

const at = { seq: 7, hash: new Uint8Array(32).fill(9) }

test("golden: what was sealed in version 1 is read for ever", () => {
  const bytes = encodeContent({ kind: "text", text: "你好 tea" }, at)
  expect(toBase64url(bytes)).toBe(
    "hKF2AaRzZWVugqNzZXEHpGhhc2jEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJpGtpbmSkdGV4dKR0ZXh0quS9oOWlvSB0ZWE",
  )
  expect(decodeContent(bytes)).toEqual({ v: 1, kind: "text", text: "你好 tea", seen: at })
})

const who = "CQkJCQkJCQkJCQkJCQkJCQ" as Id
const of = { seq: 3, n: 2 }
const said: readonly (readonly [Draft, string])[] = [
  [
    {
      kind: "text",
      text: "@lan 茶",
      mentions: [
        { user: who, from: 0, length: 4 },
        { user: "all", from: 5, length: 1 },
      ],
      reply: { ...of, user: who, text: "?" },
      forwarded: true,
      expires: 60,
    },
    "ET5zG7e4pJZNYc7YPMLoCM-tT3dv1YVSnaYxTriye5g",
  ],
  [{ kind: "edit", of, text: "水", mentions: [] }, "eqpSaxbeBpTdKtbUAKehsrs6yhxiYq_NnDrV3Z5bOiw"],
  [{ kind: "recall", of }, "toO6HKyGbSiyCwON7bidZbBu588nXTdhLn6PGj7n18k"],
  [{ kind: "reaction", of, emoji: "🍵", on: true }, "sBeRo0dcQ3BwPlB7e2UkT__hMLq0OxIU9Kb2mUrPSrk"],
  [{ kind: "pin", of, on: false }, "hNyipp_FlMz_2v3sk7KXh-gj-uIxzG4w77TMa02RTC4"],
  [
    { kind: "poll", alt: "a?", question: "a?", options: ["b", "c"], multiple: true, expires: 60 },
    "ReG_pH8DIFcouigaHl4-R4C0xWsf7F5gXRJ69F2ycb4",
  ],
  [{ kind: "vote", of, choices: [0, 1] }, "5LuXjIJS5tN3jW88WiZbhgw72vRF35_DpYZYylM631A"],
  [{ kind: "pollEnd", of }, "fxSXMPGeViUOobf-NbNL1SDXW_c35ssb2Grfk18fbyg"],
  [
    { kind: "bundle", alt: "t", title: "t", items: [{ name: "lan", at: 5, text: "x" }] },
    "ZBOHPkD46hfJCR4-9wAhy33aOb2lTyqNpgS31WaY91w",
  ],
  [{ kind: "receipt", delivered: 9, read: 8 }, "zW91ha729uHmnFboJzfWUrhZitZsb8-k9AiXWmKwbBU"],
  [
    { kind: "sticker", alt: "[Sticker]", picture: stickerOf("lan", 9, 8) },
    "wjuQsWual9BwgscLf8oHhUSsssKg_t0w536p67F6KvE",
  ],
  [
    { kind: "pastRequest", key: new Uint8Array(32).fill(5), ranges: [{ from: 2, to: 6 }], except: [who] },
    "nvV8gm0NgH1nyXPvjln0F6Ox9gYVDsyvMYlhKjcgndY",
  ],
  [
    {
      kind: "pastOffer",
      request: 4,
      ranges: [{ from: 2, to: 6 }],
      page: { blob: who, token: new Uint8Array(16).fill(6), size: 512 },
    },
    "sMm04e81o4BMpQ2VhmVn6t-51VQE0gTqxwIRebP3VRw",
  ],
  [
    {
      kind: "accountKey",
      generation: 2,
      key: new Uint8Array(32).fill(3),
      signature: new Uint8Array(64).fill(4),
      lost: [who],
    },
    "o12TliuS2le7Jf_XynERroctTBNJYZ8APPYlmxdcIFQ",
  ],
  [{ kind: "accountKeyWanted", generation: 1 }, "vP9Z0PGYKeJ_MaaBNmJ665koDzFXuVpPQ5yZ70019Fw"],
  [
    { kind: "notebookHead", life: 1, counter: 9, hash: new Uint8Array(32).fill(4) },
    "sBNhMtIEVI-NQ7liSRLnoTpopn3QUIwU1RnyU7t54sg",
  ],
  [{ kind: "timer", seconds: 0 }, "qUVJAtfFYN5WUsPaEJsYx-nIRDM6nQ2733XTyk28OE8"],
]

test.each(said)("golden: $kind is read for ever", (draft, golden) => {
  const bytes = encodeContent(draft, at)
  expect(toBase64url(sha256(bytes))).toBe(golden)
  expect(decodeContent(bytes)).toEqual({ v: 1, seen: at, ...draft })
})

test("what lies outside of its text, is too much or too many, is no content", () => {
  const refused = (draft: object) => decodeContent(encodeContent(draft as Draft, at)) === undefined
  const mention = (from: number, length: number) => ({
    kind: "text",
    text: "tea",
    mentions: [{ user: who, from, length }],
  })
  expect(refused(mention(0, 3))).toBe(false)
  for (const bad of [mention(1, 3), mention(0, 0), mention(-1, 1), mention(2 ** 53, 1)])
    expect(refused(bad)).toBe(true)
  const many = Array.from({ length: 65 }, () => ({ user: who, from: 0, length: 1 }))
  expect(refused({ kind: "text", text: "tea", mentions: many })).toBe(true)
  expect(refused({ kind: "reaction", of, emoji: "🍵".repeat(9), on: true })).toBe(true)
  expect(refused({ kind: "reaction", of, emoji: "👍".repeat(2_500), on: true })).toBe(true)
  const poll = (count: number) => ({
    kind: "poll",
    question: "?",
    options: Array.from({ length: count }, (_, i) => `${i}`),
    multiple: false,
  })
  expect([1, 2, 20, 21, 1_000].map((count) => refused(poll(count)))).toEqual([true, false, false, true, true])
  expect(refused({ kind: "vote", of, choices: [20] })).toBe(true)
  expect(refused({ kind: "bundle", title: "", items: [] })).toBe(true)
  expect(refused({ kind: "timer", seconds: 10 ** 9 })).toBe(true)
})

test("a kind from the future shows its alternative, or nothing", () => {
  const future = (more: object) => decodeContent(encodeContent({ kind: "seance", ...more } as never, at))
  expect(future({ options: 3, alt: "A poll" })).toEqual({ kind: "unknown", seen: at, alt: "A poll" })
  expect(future({})).toEqual({ kind: "unknown", seen: at })
})

test("a newer version of a known kind is unknown; a broken known kind is refused", () => {
  const newer = encodeContent({ kind: "text", text: "x", v: 99 } as never, at)
  expect(decodeContent(newer)?.kind).toBe("unknown")
  expect(decodeContent(encodeContent({ kind: "text", text: "" }, at))).toBeUndefined()
  expect(decodeContent(encodeContent({ kind: "text", text: "茶".repeat(30_000) }, at))).toBeUndefined()
  expect(decodeContent(utf8("garbage"))).toBeUndefined()
})

test("a first line is cut between characters", () => {
  const line = decodeFirstLine(
    encodeFirstLine({ line: "茶".repeat(400), nickname: "n", key: new Uint8Array(32) }),
  )
  expect(utf8(line?.line ?? "").length).toBe(1023)
})
