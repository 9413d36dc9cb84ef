import { expect, test } from "vitest"
import { createDecoder, type Input } from "./decode.ts"
import { type Editor, edit, editorOf, emptyEditor, insert, rowsOf } from "./editor.ts"

const say = ({ ...input }: Input) => (input.type === "key" ? input.name : input)
const decode = (...parts: (string | Uint8Array)[]) => {
  const decoder = createDecoder()
  const found = parts.flatMap((part) => decoder.feed(typeof part === "string" ? Buffer.from(part) : part))
  return [...found, ...decoder.settle()].map(say)
}
const typed = (text: string) => ({ type: "text", text })

test("keys of the terminals there are", () => {
  const keys: Record<string, string> = {
    ...{ "\r": "enter", "\t": "tab", "\x7f": "backspace", "\x0b": "ctrl+k", "\x1b[A": "up", "\x1bOA": "up" },
    ...{ "\x1b[1;3A": "alt+up", "\x1b[1;5C": "ctrl+right", "\x1b[5~": "pageup", "\x1b[3;5~": "ctrl+delete" },
    ...{ "\x1bOP": "f1", "\x1b[11~": "f1", "\x1b[[A": "f1", "\x1b[15~": "f5", "\x1b[Z": "shift+tab" },
    ...{ "\x1b\r": "alt+enter", "\x1bb": "alt+b", "\x1b\x7f": "alt+backspace", "\x1b": "escape" },
    ...{
      "\x1b[13;2u": "shift+enter",
      "\x1b[27;2;13~": "shift+enter",
      "\x1b[107;5u": "ctrl+k",
      "\x1b[27u": "escape",
    },
  }
  for (const [bytes, name] of Object.entries(keys)) expect([bytes, decode(bytes)]).toEqual([bytes, [name]])
})

test("whatever the reads are cut into, it is the same", () => {
  const bytes = Buffer.from("茶🍵\x1b[1;3A\x1b[200~a\x1b[Bb\r\nc\x1b[201~x\x1b[I")
  const whole = decode(bytes)
  expect(whole).toEqual([
    ...[
      typed("茶🍵"),
      "alt+up",
      { type: "paste", text: "a\x1b[Bb\nc" },
      typed("x"),
      { type: "focus", on: true },
    ],
  ])
  const joined = (found: ReturnType<typeof decode>) =>
    JSON.stringify(found).replaceAll('"},{"type":"text","text":"', "")
  for (let size = 1; size < 12; size++) {
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    )
    expect(joined(decode(...parts))).toEqual(joined(whole))
  }
})

test("a paste is text whatever is in it, and answers are no keys", () => {
  expect(decode("\x1b[200~/quit\r\x1b\x03\x1b[201~")).toEqual([{ type: "paste", text: "/quit\n\x1b\x03" }])
  expect(decode("\x1b_Gi=31;OK\x1b\\\x1b[?62;4;22c\x1b[6;20;10t")).toEqual([
    ...[
      { type: "answer", text: "Gi=31;OK" },
      { type: "answer", text: "?62;4;22c" },
    ],
    { type: "answer", text: "6;20;10t" },
  ])
})

test("Escape is told by the silence after it, and a broken sequence types nothing", () => {
  const decoder = createDecoder()
  expect(decoder.feed(Buffer.from("\x1b"))).toEqual([])
  expect(decoder.pending).toBe(true)
  expect(decoder.settle()).toEqual([{ type: "key", name: "escape" }])
  expect(decode("\x1b[12;")).toEqual(["escape"])
  expect(decode("\x1b[999~\x1b[1;3Q", "a")).toEqual(["alt+f2", typed("a")])
})

const run = (editor: Editor, ...keys: string[]) =>
  keys.reduce((now, key) => edit(now, key) ?? insert(now, key), editor)
const shown = ({ text, at }: Editor) => `${text.slice(0, at)}|${text.slice(at)}`

test("the editor goes by what a person calls a sign", () => {
  expect(shown(run(editorOf("a👩‍👩‍👧é"), "left"))).toBe("a👩‍👩‍👧|é")
  expect(shown(run(editorOf("a👩‍👩‍👧é"), "left", "backspace"))).toBe("a|é")
  expect(shown(run(editorOf("茶馆"), "home", "delete", "x"))).toBe("x|馆")
  expect(shown(run(editorOf("three cups"), "ctrl+w"))).toBe("three |")
  expect(shown(run(editorOf("three cups"), "ctrl+left", "ctrl+left", "ctrl+right"))).toBe("three| cups")
  expect(shown(run(editorOf("one\ntwo"), "ctrl+u"))).toBe("one\n|")
  expect(shown(run(editorOf("one\ntwo"), "home", "left", "end"))).toBe("one|\ntwo")
  expect(edit(emptyEditor, "f1")).toBeUndefined()
  for (const key of ["left", "backspace", "delete", "ctrl+w", "alt+d", "up"])
    expect(shown(edit(emptyEditor, key) ?? emptyEditor)).toBe("|")
})

test("the insertion point stands where the next sign will", () => {
  expect(rowsOf(editorOf("茶馆"), 10)).toEqual({ rows: ["茶馆"], x: 4, y: 0 })
  expect(rowsOf(editorOf("茶馆"), 4)).toEqual({ rows: ["茶馆", ""], x: 0, y: 1 })
  expect(rowsOf(editorOf("茶馆里"), 5)).toEqual({ rows: ["茶馆", "里"], x: 2, y: 1 })
  expect(rowsOf({ text: "茶馆里", at: 2 }, 5)).toEqual({ rows: ["茶馆", "里"], x: 0, y: 1 })
  expect(rowsOf({ text: "a\nb", at: 1 }, 5)).toEqual({ rows: ["a", "b"], x: 1, y: 0 })
  expect(rowsOf(editorOf("a\n"), 5)).toEqual({ rows: ["a", ""], x: 0, y: 1 })
})
