/**
 * The terminal itself: its modes while the chat is open, and that they are as before however it ends. Frames wait while the terminal has not
 * taken the last one: only the newest is drawn then.
 */
import { writeSync } from "node:fs"
import type { ReadStream, WriteStream } from "node:tty"
import { createDecoder, type Input } from "../input/decode.ts"
import { paint } from "./paint.ts"
import type { Surface } from "./surface.ts"

export type Terminal = {
  size(): { width: number; height: number }
  show(surface: Surface): void
  /** Everything is drawn anew. */
  forget(): void
  bell(): void
  title(text: string): void
  ask(question: string): void
  /** Ctrl+Z: the shell has the terminal until it is continued. */
  suspend(): void
  close(): void
}

export type TerminalParts = {
  readonly stdin: ReadStream
  readonly stdout: WriteStream
  readonly deep: boolean
  onInput(input: Input): void
  onResize(): void
  /** Nobody is at the terminal any more. */
  onGone(): void
}

/** Alternate screen, bracketed paste, focus; the title is kept and given back (XTWINOPS 22/23). */
const ENTER = "\x1b[?1049h\x1b[22;2t\x1b[?2004h\x1b[?1004h\x1b[0m\x1b[2J"
const LEAVE = "\x1b[?2026l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[23;2t\x1b[?1049l"
/** Until then what begins with Escape may still become a sequence, ms. */
const ESCAPE_MS = 40

export function openTerminal({ stdin, stdout, deep, ...parts }: TerminalParts): Terminal {
  const decoder = createDecoder()
  let before: Surface | undefined
  let next: Surface | undefined
  let busy = false
  let open = false
  let timer: NodeJS.Timeout | undefined

  const tell = (inputs: readonly Input[]) => {
    for (const input of inputs) parts.onInput(input)
  }
  const read = (bytes: Buffer) => {
    clearTimeout(timer)
    tell(decoder.feed(bytes))
    if (decoder.pending) timer = setTimeout(() => tell(decoder.settle()), ESCAPE_MS)
  }
  const write = (text: string) => {
    if (text === "" || !open) return
    busy = !stdout.write(text)
    if (busy)
      stdout.once("drain", () => {
        busy = false
        if (next) draw(next)
      })
  }
  const draw = (surface: Surface) => {
    next = undefined
    const text = paint(before, surface, deep)
    before = surface
    write(text)
  }
  const enter = () => {
    open = true
    before = undefined
    stdin.setRawMode(true)
    stdin.resume()
    write(ENTER)
  }
  /** Synchronous: it is also the last thing that a process does. */
  const leave = () => {
    if (!open) return
    open = false
    clearTimeout(timer)
    try {
      writeSync((stdout as WriteStream & { readonly fd: number }).fd, LEAVE)
    } catch {
      // The terminal has gone, or is full: nobody is left to see it.
    }
    try {
      stdin.setRawMode(false)
    } catch {
      // The same.
    }
  }
  const resized = () => {
    before = undefined
    parts.onResize()
  }
  const gone = () => parts.onGone()

  stdin.on("data", read)
  stdin.on("end", gone)
  stdin.on("error", gone)
  stdout.on("error", gone)
  stdout.on("resize", resized)
  process.once("exit", leave)
  enter()

  return {
    size: () => ({ width: Math.max(2, stdout.columns || 80), height: Math.max(2, stdout.rows || 24) }),
    show(surface) {
      if (busy) next = surface
      else draw(surface)
    },
    forget() {
      before = undefined
    },
    bell: () => write("\x07"),
    title: (text) => write(`\x1b]2;${text}\x07`),
    ask: write,
    suspend() {
      leave()
      process.once("SIGCONT", () => {
        enter()
        parts.onResize()
      })
      process.kill(process.pid, "SIGSTOP")
    },
    close() {
      leave()
      stdin.off("data", read)
      stdout.off("resize", resized)
      process.off("exit", leave)
      stdin.pause()
    },
  }
}
