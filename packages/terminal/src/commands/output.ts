/** Where a command speaks: results as JSON lines on the output, everything for people on the error stream, nothing else. */
import { once } from "node:events"
import type { Tongue } from "../say/language.ts"
import { plain } from "../say/plain.ts"
import type { Sentence } from "../say/sentences.ts"

export class PipeClosed extends Error {}

export type Output = {
  /** One line; resolves when the system has it. Throws `PipeClosed` where nobody reads any more. */
  line(value: unknown): Promise<void>
  say(sentence: Sentence): void
}

export function processOutput(tongue: Tongue): Output {
  let closed = false
  const gone = (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EOF") throw error
    closed = true
  }
  process.stdout.on("error", gone)
  process.stderr.on("error", gone)
  return {
    async line(value) {
      if (closed) throw new PipeClosed()
      await new Promise<void>((done, failed) =>
        process.stdout.write(`${lineOf(value)}\n`, (error) => (error ? failed(new PipeClosed()) : done())),
      )
    },
    say: (sentence) => void process.stderr.write(`${plain(sentence[tongue])}\n`),
  }
}

/** JSON in which no character can command a terminal: what is not to be shown is escaped. */
export const lineOf = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )

/** The first line of the input, without its end; the whole input where it has none. At most 64 KiB. */
export async function firstLine(input: NodeJS.ReadStream = process.stdin): Promise<string> {
  input.setEncoding("utf8")
  let text = ""
  while (!text.includes("\n") && text.length < 65_536) {
    const part = input.read() as string | null
    if (part !== null) text += part
    else if (input.readableEnded || input.destroyed) break
    else await Promise.race([once(input, "readable"), once(input, "end"), once(input, "close")])
  }
  input.pause()
  input.unref?.()
  return text.replace(/\r?\n[\s\S]*$/, "")
}
