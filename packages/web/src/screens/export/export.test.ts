/** What an export writes, whatever others have called things and written into them. */
import type { ChatToExport, SelfToExport } from "@teahouse/client/view/port/export.ts"
import type { Favourite, MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { describe, expect, it } from "vitest"
import { textOf } from "../../text/use-text.ts"
import { memoryFolder } from "./folder.fixture.ts"
import { folderSink } from "./folder-sink.ts"
import type { Parts } from "./parts.ts"
import { exportChats } from "./run.ts"
import { type Bytes, type Sink, TooLarge } from "./sink.ts"
import { unzip } from "./unzip.fixture.ts"
import { zipSink } from "./zip-sink.ts"

const [one, two] = ["1".repeat(22) as Id, "2".repeat(22) as Id]
const evil = `<script>alert("x")</script>'&`
const habits = { pinned: true, level: "all", markedUnread: false, hidden: false, kept: true } as const
const from = { user: one, username: "meimei", name: evil }

const message = (seq: number, more: Partial<MessageItem>): MessageItem => ({
  ...{ type: "message", key: `d:${seq}`, seq, at: 1_700_000_000_000 + seq, from, mine: false, text: "" },
  ...{ mentions: [], body: { kind: "text" }, reactions: [], may: { edit: false, recall: false, pin: false } },
  ...more,
})
const file = (seq: number, name: string) =>
  message(seq, { text: name, body: { kind: "file", file: { name, type: "text/plain", size: 5 } } })

const utf8 = (text: string) => new TextEncoder().encode(text)
async function* hello(): Bytes {
  yield utf8("hel")
  yield utf8("lo")
}

const told = { quiet: "hours", quietFrom: 1320, quietTo: 450, hideContent: true } as const
const person: SelfToExport = {
  profile: { user: two, username: "lilei", nickname: "Li Lei", status: "" },
  settings: {
    ...{ language: "auto", theme: "dark", enterSends: true, textSize: 125, told },
    ...{ readReceipts: false, showTyping: true },
  },
  ...{ contacts: [], requests: [], stickers: [], favourites: [] },
}

/** A client of these chats, window by window; files whose position is in `gone` cannot be had. */
function client(
  chats: readonly ChatToExport[],
  lines: readonly TimelineItem[],
  gone: readonly number[] = [],
  self: Partial<SelfToExport> = {},
  kept: readonly Favourite[] = [],
) {
  const answers = {
    exportSelf: () => ({ ok: true, value: { ...person, ...self } }),
    exportFavourite: ({ id }: { id: string }) => {
      const value = kept.find((one) => one.id === id)
      return value ? { ok: true, value } : { ok: false, error: { kind: "not_found" } }
    },
    exportPicture: ({ picture }: { picture: string }) =>
      picture === "lost"
        ? { ok: false, error: { kind: "not_found" } }
        : { ok: true, value: { bytes: utf8(`drawn ${picture}`), type: "image/jpeg" } },
    exportChats: () => ({ ok: true, value: { chats } }),
    exportPage: ({ after }: { after: number }) => {
      const next = lines.find(({ seq = 0 }) => seq > after)
      return { ok: true, value: next ? { items: [next], next: next.seq } : { items: [] } }
    },
    openFile: ({ seq }: { seq: number }) =>
      gone.includes(seq)
        ? { ok: false, error: { kind: "file_gone" } }
        : { ok: true, value: { url: `/${seq}`, name: "x", type: "text/plain", size: 5, inline: false } },
    readSticker: ({ seq = 0 }: { seq?: number }) =>
      gone.includes(seq)
        ? { ok: false, error: { kind: "not_found" } }
        : { ok: true, value: { picture: utf8("hello"), type: "image/webp" } },
    closeFile: () => ({ ok: true, value: null }),
  }
  return {
    command: async (name: keyof typeof answers, args: never) =>
      (answers[name] as (args: never) => unknown)(args),
  } as unknown as Pick<ClientPort, "command">
}

function parts(port: Parts["port"], sink: Sink, more: Partial<Parts> = {}): Parts {
  const style = { text: textOf("en"), time: { language: "en" as const, locale: "en-GB", timeZone: "UTC" } }
  const signal = new AbortController().signal
  return {
    port,
    pass: "pass",
    sink,
    style,
    read: hello,
    why: (kind) => `[${kind}]`,
    signal,
    tell: () => {},
    ...more,
  }
}

const chat = (room: Id, title: string): ChatToExport => ({ room, kind: "group", title, habits })

describe("an export into a folder", () => {
  it("shows what others wrote as text, and runs none of it", async () => {
    const { root, files } = memoryFolder()
    const lines = [
      message(1, { text: evil, edited: true, reactions: [{ emoji: "<b>", people: [from], mine: false }] }),
      file(2, `"><img src=x onerror=alert(1)>.html`),
    ]
    await exportChats(parts(client([chat(one, evil)], lines), folderSink(root)))
    const page = [...files()].find(([path]) => path.endsWith("messages.html"))?.[1] ?? ""
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;")
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/<script|<b>|<img|href=/)
    expect(page).toContain("Edited")
  })

  it("stays in its folder, whatever a chat or a file is called, and parts what has one name", async () => {
    const { root, files } = memoryFolder()
    const lines = [file(1, "../../x"), file(2, "a.txt"), file(3, "A.TXT"), file(4, "con.txt")]
    const chats = [chat(one, "../../x"), chat(two, "X")]
    const outcome = await exportChats(parts(client(chats, lines), folderSink(root)))
    expect(outcome).toEqual({ chats: 2, messages: 8, missing: [] })
    expect([...files().keys()].filter((path) => path.startsWith("x/"))).toEqual([
      ...["x/files/1 x", "x/files/2 a.txt", "x/files/3 A.TXT", "x/files/4 _con.txt"],
      ...["x/messages.html", "x/messages.json", "x/teahouse.json"],
    ])
    expect(files().get("X (2)/files/3 A.TXT")).toBe("hello")
  })

  it("names a file that cannot be had, with the reason, and writes the rest", async () => {
    const { root, files } = memoryFolder()
    const lines = [file(1, "lost.txt"), file(2, "short.txt"), file(3, "kept.txt")]
    const read = async function* (url: string): Bytes {
      yield utf8(url === "/2" ? "he" : "hello")
    }
    const outcome = await exportChats(
      parts(client([chat(one, "tea")], lines, [1]), folderSink(root), { read }),
    )
    expect(outcome.missing).toEqual([
      { chat: "tea", name: "lost.txt", why: "[file_gone]" },
      { chat: "tea", name: "short.txt", why: "It broke off while it was read." },
    ])
    expect([...files().keys()].filter((path) => path.includes("files/"))).toEqual(["tea/files/3 kept.txt"])
    expect(files().get("tea/messages.html")).toContain("[file_gone]")
    expect(JSON.parse(files().get("tea/messages.json") ?? "").messages).toMatchObject([
      { position: 1, file: { name: "lost.txt", missing: "[file_gone]" } },
      { position: 2, file: { missing: "It broke off while it was read." } },
      { position: 3, file: { path: "files/3 kept.txt" } },
    ])
  })

  it("writes a sticker as a picture of its own, and has a word for it in the page", async () => {
    const { root, files } = memoryFolder()
    const body = { kind: "sticker", sticker: { width: 240, height: 120 } } as const
    const lines = [1, 2].map((seq) => message(seq, { text: "[Sticker]", body }))
    const outcome = await exportChats(parts(client([chat(one, "tea")], lines, [2]), folderSink(root)))
    expect(outcome.missing).toEqual([{ chat: "tea", name: "Sticker", why: "[not_found]" }])
    expect(files().get("tea/files/1 sticker.webp")).toBe("hello")
    expect(files().get("tea/messages.html")).toContain(
      `<img class="sticker" src="files/1%20sticker.webp" alt="[Sticker]" loading="lazy">`,
    )
    expect(files().get("tea/messages.html")).toContain("<p>[Sticker]</p>")
    expect(JSON.parse(files().get("tea/messages.json") ?? "").messages).toMatchObject([
      { position: 1, sticker: { width: 240, path: "files/1 sticker.webp" } },
      { position: 2, sticker: { missing: "[not_found]" } },
    ])
  })

  it("has the files of several messages that were forwarded as one, each beside its line", async () => {
    const { root, files } = memoryFolder()
    const file = (name: string) => ({ name, type: "text/html", size: 5 })
    const items = [
      { name: "meimei", at: 1, text: "menu.pdf", file: file("menu.pdf") },
      { name: "lilei", at: 2, text: "look <b>" },
      { name: "lilei", at: 3, text: "what it costs", file: file("../x.html") },
    ]
    const body = { kind: "bundle", bundle: { title: "tea", items } } as const
    const lines = [1, 2].map((seq) => message(seq, { text: "tea", body }))
    const outcome = await exportChats(parts(client([chat(one, "tea")], lines, [2]), folderSink(root)))
    expect(files().get("tea/files/1-1 menu.pdf")).toBe("hello")
    const names = ["menu.pdf", "../x.html"]
    expect(outcome.missing).toEqual(names.map((name) => ({ chat: "tea", name, why: "[file_gone]" })))
    const [first, second] = JSON.parse(files().get("tea/messages.json") ?? "").messages
    expect(first.bundle.items).toMatchObject([
      { name: "meimei", text: "menu.pdf", file: { size: 5, path: "files/1-1 menu.pdf" } },
      { text: "look <b>" },
      { text: "what it costs", file: { name: "../x.html" } },
    ])
    expect(files().get(`tea/${first.bundle.items[2].file.path}`)).toBe("hello")
    expect(first.bundle.items[2].file.path).not.toContain("..")
    expect(second.bundle.items[0].file).toMatchObject({ missing: "[file_gone]" })
    expect(files().get("tea/messages.html")).toContain(`<a href="files/1-1%20menu.pdf">`)
    expect(files().get("tea/messages.html")).toContain("what it costs")
  })

  it("says in the person's own words what is a sticker: alone, answered, pinned, forwarded with others", async () => {
    const { root, files } = memoryFolder()
    const text = "[Sticker]"
    const told = [
      { name: "meimei", at: 1, text, sticker: true as const },
      { name: "lilei", at: 2, text },
    ]
    const lines: TimelineItem[] = [
      message(1, { text, body: { kind: "sticker", sticker: { width: 240, height: 120 } } }),
      message(2, { text: "冷水", reply: { seq: 1, from, text, sticker: true } }),
      {
        ...message(3, {}),
        type: "event",
        seq: 3,
        event: { kind: "pinned", person: from, on: true, text, sticker: true, of: 1 },
      },
      message(4, {
        text: `tea\nmeimei: ${text}`,
        body: { kind: "bundle", bundle: { title: "tea", items: told } },
      }),
    ]
    const style = {
      text: textOf("zh-CN"),
      time: { language: "zh-CN", locale: "zh-CN", timeZone: "UTC" },
    } as const
    await exportChats(parts(client([chat(one, "tea")], lines, [1]), folderSink(root), { style }))
    expect(JSON.parse(files().get("tea/messages.json") ?? "").messages).toMatchObject([
      { text: "[表情]" },
      { reply: { text: "[表情]" } },
      { event: "pinned", text: "[表情]" },
      // The second one typed those signs.
      {
        text: "tea\nmeimei: [表情]\nlilei: [Sticker]",
        bundle: { items: [{ text: "[表情]", sticker: true }, { text }] },
      },
    ])
    expect(
      files()
        .get("tea/messages.html")
        ?.match(/\[Sticker\]/g),
    ).toHaveLength(1)
  })

  it("has what there is of the person besides chats, to read and as data, and none of it runs", async () => {
    const { root, files } = memoryFolder()
    const self = {
      profile: {
        ...person.profile,
        status: evil,
        picture: { bytes: utf8("drawn"), type: "image/webp" as const },
      },
      contacts: [
        {
          ...from,
          picture: "mei",
          relation: "friend" as const,
          since: 0,
          remark: "Mei <3",
          nickname: "Mei",
          status: "",
          tags: ["tea", "<i>"],
          blocked: false,
        },
        {
          user: two,
          username: "eve",
          name: "eve",
          picture: "lost",
          relation: "stranger" as const,
          remark: "",
          nickname: "",
          status: "",
          tags: [],
          blocked: true,
        },
      ],
      requests: [{ direction: "in" as const, person: from, at: 0, line: "<u>hello</u>" }],
      stickers: [{ id: one, width: 9, height: 8 }],
      favourites: ["gone", "kept", "cup"],
    }
    const kept = [
      {
        id: "kept",
        room: one,
        seq: 7,
        chat: "<b>tea</b>",
        at: 1,
        item: { ...message(7, { text: evil }), key: "kept" },
      },
      { id: "cup", room: one, seq: 8, chat: "tea", at: 1, item: { ...file(8, "cup.txt"), key: "cup" } },
    ]
    await exportChats(parts(client([chat(one, "tea")], [], [], self, kept), folderSink(root)))
    const read = (path: string) => files().get(`About me/${path}`) ?? ""
    expect([...files().keys()].filter((path) => path.startsWith("About me/")).sort()).toEqual(
      [
        ...[
          "contacts.html",
          "contacts.json",
          "favourites.html",
          "favourites.json",
          "files/11111111-8 cup.txt",
        ],
        ...[
          `pictures/${one}.jpg`,
          "picture.webp",
          "profile.html",
          "profile.json",
          "stickers.html",
          "stickers.json",
        ],
        ...[`stickers/${one}.webp`, "teahouse.json"],
      ]
        .map((path) => `About me/${path}`)
        .sort(),
    )
    expect(JSON.parse(read("profile.json"))).toEqual({
      ...{ format: "teahouse-profile", version: 1, settings: person.settings },
      profile: { ...person.profile, status: evil, picture: "picture.webp" },
    })
    expect(JSON.parse(read("contacts.json"))).toMatchObject({
      contacts: [
        {
          username: "meimei",
          remark: "Mei <3",
          tags: ["tea", "<i>"],
          blocked: false,
          relation: "friend",
          since: "1970-01-01T00:00:00.000Z",
          picture: `pictures/${one}.jpg`,
        },
        { username: "eve", blocked: true, relation: "stranger" },
      ],
      requests: [{ direction: "in", line: "<u>hello</u>" }],
    })
    expect(read(`pictures/${one}.jpg`)).toBe("drawn mei")
    expect(JSON.parse(read("contacts.json")).contacts[1]).not.toHaveProperty("picture")
    expect(read("contacts.html").match(/<img[^>]*>/g)).toEqual([
      `<img class="sticker" src="pictures/${one}.jpg" alt="" loading="lazy">`,
    ])
    expect(JSON.parse(read("favourites.json")).favourites).toMatchObject([
      { chat: "<b>tea</b>", text: evil, position: 7 },
      { file: { name: "cup.txt", path: "files/11111111-8 cup.txt" } },
    ])
    expect(JSON.parse(read("stickers.json")).stickers).toEqual([
      { id: one, width: 9, height: 8, path: `stickers/${one}.webp`, shows: "image" },
    ])
    expect(read("profile.html")).toContain("At certain hours: 22:00–07:30")
    expect(read("contacts.html")).toMatch(/Remark.*Mei &lt;3.*tea, &lt;i&gt;.*Not a friend.*Blocked.*hello/s)
    expect(read("favourites.html")).toContain("&lt;b&gt;tea&lt;/b&gt; · ")
    for (const [path, text] of files())
      if (path.endsWith(".html")) expect(text).not.toMatch(/<script|<b>|<i>|<u>|<3/)
    expect(JSON.parse(files().get("tea/messages.json") ?? "").habits).toEqual(habits)
  })

  it("says who is in a group, in which role and by which name, and what was begun to be written", async () => {
    const { root, files } = memoryFolder()
    const members = [
      { ...from, role: "owner" as const, nick: "<i>boss</i>", picture: "mei" },
      { user: two, username: "lilei", name: "lilei", role: "member" as const, nick: "" },
    ]
    const group = { ...chat(one, "tea"), draft: "<b>half a", members }
    await exportChats(
      parts(client([group, chat(two, "cake")], [message(1, { text: "hi" })]), folderSink(root)),
    )
    expect(JSON.parse(files().get("tea/messages.json") ?? "")).toMatchObject({
      draft: "<b>half a",
      members: [
        { user: one, username: "meimei", name: evil, role: "owner", nick: "<i>boss</i>" },
        { user: two, username: "lilei", role: "member", nick: "" },
      ],
      messages: [{ text: "hi" }],
    })
    const page = files().get("tea/messages.html") ?? ""
    expect(page).toMatch(
      /Members \(2\).*Owner.*meimei.*In this group: &lt;i&gt;boss.*lilei<\/bdi><\/li>.*hi.*\[Draft\].*&lt;b&gt;half a/s,
    )
    expect(page).not.toMatch(/<script|<b>|<i>/)
    const other = JSON.parse(files().get("cake/messages.json") ?? "")
    expect([other.draft, other.members]).toEqual([undefined, undefined])
    expect(files().get("cake/messages.html")).not.toMatch(/Members|Draft/)
  })

  it("has only the chat where one chat is asked for", async () => {
    const { root, files } = memoryFolder()
    await exportChats(parts(client([chat(one, "tea"), chat(two, "cake")], []), folderSink(root)), one)
    expect(new Set([...files().keys()].map((path) => path.split("/")[0]))).toEqual(new Set(["tea"]))
  })

  it("goes on in the same folder without reading again what it has, and beside what is somebody else's", async () => {
    const { root, files, put } = memoryFolder()
    put("tea/messages.html", "not ours")
    const read: string[] = []
    const again = parts(client([chat(one, "tea")], [file(1, "a.txt")]), folderSink(root), {
      read: (url) => {
        read.push(url)
        return hello()
      },
    })
    await exportChats(again)
    await exportChats({ ...again, sink: folderSink(root) })
    expect(read).toEqual(["/1"])
    expect(files().get("tea/messages.html")).toBe("not ours")
    expect([...files().keys()].filter((path) => path.endsWith("messages.json"))).toEqual([
      "tea (2)/messages.json",
    ])
  })

  it("ends when it is stopped, and when the folder cannot be written into", async () => {
    const { root, files, fill } = memoryFolder()
    const stop = new AbortController()
    const port = client([chat(one, "tea")], [file(1, "a.txt"), file(2, "b.txt")])
    const read = async function* (): Bytes {
      stop.abort()
      yield utf8("hello")
    }
    const stopped = exportChats(parts(port, folderSink(root), { read, signal: stop.signal }), one)
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" })
    expect([...files().keys()]).toEqual(["tea/teahouse.json"])
    fill()
    await expect(exportChats(parts(port, folderSink(root)))).rejects.toThrow("full")
  })
})

describe("an export as one zip file", () => {
  it("has each entry as it is, and every name once", async () => {
    const zip = zipSink(new Date(2026, 4, 3, 14, 5, 10))
    const chats = [chat(one, "茶"), chat(two, "茶")]
    await exportChats(parts(client(chats, [file(1, "a.txt")]), zip))
    const entries = unzip(new Uint8Array(await zip.close().arrayBuffer()))
    expect([...entries.keys()].filter((path) => path.startsWith("茶"))).toEqual([
      ...["茶/files/1 a.txt", "茶/messages.html", "茶/messages.json"],
      ...["茶 (2)/files/1 a.txt", "茶 (2)/messages.html", "茶 (2)/messages.json"],
    ])
    // The CRC of "hello", as every other program computes it.
    expect(entries.get("茶/files/1 a.txt")).toEqual({ text: "hello", crc: 0x3610a686 })
  })

  it("is refused when more than it can hold would go in", async () => {
    const small = zipSink(new Date(2026, 4, 3), 10_000)
    const port = client([chat(one, "tea")], [file(1, "a.txt"), message(2, { text: "x".repeat(10_000) })])
    await expect(exportChats(parts(port, small))).rejects.toBeInstanceOf(TooLarge)
  })
})
