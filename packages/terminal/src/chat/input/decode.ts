/**
 * What a terminal sends, as keys: UTF-8 that may be split over reads, control characters, escape sequences of xterm, VT220 and the Linux
 * console, bracketed paste (mode 2004), focus (1004), and answers to questions. A lone Escape is told by the silence after it.
 */
import { StringDecoder } from "node:string_decoder"

export type Input =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "paste"; readonly text: string }
  /** `name` as in the key table: "enter", "up", "f1", "ctrl+k", "alt+up", "alt+enter". */
  | { readonly type: "key"; readonly name: string }
  | { readonly type: "focus"; readonly on: boolean }
  /** CSI or APC answer, without its introducer: "?62;4c", "Gi=31;OK". */
  | { readonly type: "answer"; readonly text: string }

export type Decoder = {
  feed(bytes: Uint8Array): Input[]
  /** Nothing came for a moment: what began like a sequence was the Escape key. */
  settle(): Input[]
  readonly pending: boolean
}

const PASTE_BEGIN = "\x1b[200~"
const PASTE_END = "\x1b[201~"
/** A terminal that never ends its paste does not take all memory. */
const PASTE_MAX = 1 << 20

const letters: Readonly<Record<string, string>> = {
  ...{ A: "up", B: "down", C: "right", D: "left", H: "home", F: "end", E: "begin", Z: "shift+tab" },
  ...{ P: "f1", Q: "f2", R: "f3", S: "f4", M: "enter" },
}
const numbers: Readonly<Record<string, string>> = {
  ...{ 1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end" },
  ...{ 11: "f1", 12: "f2", 13: "f3", 14: "f4", 15: "f5", 17: "f6", 18: "f7", 19: "f8", 20: "f9" },
  ...{ 21: "f10", 23: "f11", 24: "f12" },
}
const controls: Readonly<Record<string, string>> = {
  ...{
    "\r": "enter",
    "\n": "ctrl+j",
    "\t": "tab",
    "\x7f": "backspace",
    "\b": "backspace",
    "\x00": "ctrl+space",
  },
}

/** Modifiers of xterm: 1 + shift 1 + alt 2 + ctrl 4. */
function withModifiers(name: string, parameter: string | undefined): string {
  const bits = Math.max(0, Number(parameter?.split(":")[0] || 1) - 1)
  return `${bits & 4 ? "ctrl+" : ""}${bits & 2 ? "alt+" : ""}${bits & 1 ? "shift+" : ""}${name}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const CSI = /^\x1b\[([0-?]*)([ -/]*)([@-~])/
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const STRING = /^\x1b([_P\]^X])([^\x07\x1b]*)(?:\x07|\x1b\\)/
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const LINUX_F = /^\x1b\[\[([A-E])/

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals send
const PARTIAL = /^\x1b(?:O|\[[0-?]*[ -/]*|[_P\]^X][^\x07]*)?$/

export function createDecoder(): Decoder {
  const utf8 = new StringDecoder("utf8")
  let buffer = ""
  let pasting: string | undefined

  const take = (length: number) => {
    const taken = buffer.slice(0, length)
    buffer = buffer.slice(length)
    return taken
  }
  const paste = (text: string): Input[] =>
    text === "" ? [] : [{ type: "paste", text: text.replace(/\r\n?/g, "\n") }]

  /** undefined: more has to come. */
  function sequence(settled: boolean): Input[] | undefined {
    if (buffer.startsWith(PASTE_BEGIN)) {
      take(PASTE_BEGIN.length)
      pasting = ""
      return []
    }
    const linux = LINUX_F.exec(buffer)
    if (linux) {
      take(linux[0].length)
      return [{ type: "key", name: `f${(linux[1] as string).charCodeAt(0) - 64}` }]
    }
    const csi = CSI.exec(buffer)
    if (csi) {
      take(csi[0].length)
      return control(csi[1] ?? "", csi[3] ?? "")
    }
    const string = STRING.exec(buffer)
    if (string) {
      take(string[0].length)
      return [{ type: "answer", text: string[2] ?? "" }]
    }
    if (buffer.startsWith("\x1bO") && buffer.length > 2) {
      const name = letters[buffer[2] as string]
      take(3)
      return name ? [{ type: "key", name }] : []
    }
    const partial = PARTIAL.test(buffer)
    if (partial && !settled) return undefined
    if (buffer.length === 1 || buffer[1] === "\x1b" || (partial && settled && buffer.length > 2)) {
      // What never became a sequence is dropped with its Escape, and not typed into a message.
      take(buffer.length > 2 ? buffer.length : 1)
      return [{ type: "key", name: "escape" }]
    }
    const point = String.fromCodePoint(buffer.codePointAt(1) ?? 0)
    take(1 + point.length)
    const key = single(point)
    return [{ type: "key", name: `alt+${key.type === "key" ? key.name : point.toLowerCase()}` }]
  }

  function control(parameters: string, final: string): Input[] {
    const [first = "", second, third] = parameters.split(";")
    if (
      /^[?>=]/.test(parameters) ||
      final === "t" ||
      (final === "R" && second !== undefined && Number(first) > 1)
    )
      return [{ type: "answer", text: parameters + final }]
    if (final === "I" || final === "O") return [{ type: "focus", on: final === "I" }]
    if (final === "u" || (first === "27" && final === "~")) {
      const code = Number(final === "u" ? first.split(":")[0] : third)
      if (!Number.isInteger(code) || code < 0 || code > 0x10ffff) return []
      const key = single(code === 27 ? "\x1b" : String.fromCodePoint(code))
      const name = withModifiers(key.type === "key" ? key.name : key.type === "text" ? key.text : "", second)
      return [key.type === "text" && name === key.text ? key : { type: "key", name }]
    }
    const name = final === "~" ? numbers[first] : letters[final]
    return name ? [{ type: "key", name: withModifiers(name, second) }] : []
  }

  function run(settled: boolean): Input[] {
    const found: Input[] = []
    while (buffer !== "") {
      if (pasting !== undefined) {
        const end = buffer.indexOf(PASTE_END)
        // The end may be split over reads: its beginning stays.
        const ready = end >= 0 ? end : Math.max(0, buffer.length - PASTE_END.length + 1)
        pasting += take(ready)
        if (pasting.length > PASTE_MAX) pasting = pasting.slice(0, PASTE_MAX)
        if (end < 0) break
        take(PASTE_END.length)
        found.push(...paste(pasting))
        pasting = undefined
        continue
      }
      if (buffer.startsWith("\x1b")) {
        const inputs = sequence(settled)
        if (!inputs) break
        found.push(...inputs)
        continue
      }
      // biome-ignore lint/suspicious/noControlCharactersInRegex: keys that are control characters
      const text = /^[^\x00-\x1f\x7f]+/.exec(buffer)
      if (text) found.push({ type: "text", text: take(text[0].length) })
      else found.push(single(take(1)))
    }
    return found
  }

  return {
    feed(bytes) {
      buffer += utf8.write(Buffer.from(bytes))
      return run(false)
    },
    settle: () => (pasting === undefined ? run(true) : []),
    get pending() {
      return buffer !== "" && pasting === undefined
    },
  }
}

function single(character: string): Input {
  const named = controls[character]
  if (named) return { type: "key", name: named }
  if (character === "\x1b") return { type: "key", name: "escape" }
  const code = character.charCodeAt(0)
  if (code < 32) return { type: "key", name: `ctrl+${String.fromCharCode(code + 96)}` }
  return { type: "text", text: character }
}
