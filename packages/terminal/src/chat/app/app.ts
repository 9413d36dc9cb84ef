/** The chat as a program: a stack of pages on one terminal, the session that decides which lies at the bottom, and what ends it. */
import type { Client } from "@teahouse/client/client.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import type { TimeStyle } from "@teahouse/client/words/time.ts"
import type { Damage } from "../../profile/damage-note.ts"
import type { Tongue } from "../../say/language.ts"
import { plain } from "../../say/plain.ts"
import { sentenceOf, wasDamagedSentence } from "../../say/sentences.ts"
import type { Input } from "../input/decode.ts"
import { type Able, ableAfter, ableBy, questions } from "../picture/able.ts"
import { notice as noticeStyle, warning } from "../screen/style.ts"
import { createSurface } from "../screen/surface.ts"
import type { Terminal, TerminalParts } from "../screen/terminal.ts"
import { cut } from "../screen/width.ts"
import { askPage } from "./form.ts"
import { type HousePage, housePage } from "./house.ts"
import { actOf } from "./keys.ts"
import { createLive } from "./live.ts"
import { defaultFolder, type Files, saveFile } from "./saving.ts"
import type { Page, Shell } from "./shell.ts"
import { recoveryPage, signInPage, startingPage } from "./sign-in.ts"
import { startTeller } from "./teller.ts"
import { wordsOf } from "./words.ts"

export type AppParts = {
  readonly client: Client
  readonly profile: string
  readonly folder: string
  readonly server: string
  damaged(): Damage | undefined
  found(): readonly Damage[]
  readonly tongue: Tongue
  readonly style: TimeStyle
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where files that come are saved; "off": only those that are asked for. */
  readonly save?: string | undefined
  openTerminal(parts: Pick<TerminalParts, "deep" | "onInput" | "onResize" | "onGone">): Terminal
  now(): number
}

/** Frames are drawn together where much happens at once, ms. */
const FRAME_MS = 16
const SAY_MS = 6_000
/** A larger file is not saved unless it is asked for. */
const AUTOMATIC_BYTES = 25 * 1024 * 1024

/** Resolves when the person quits; throws what a page threw. */
export function runApp(parts: AppParts): {
  readonly over: Promise<void>
  quit(): void
  close(): Promise<void>
} {
  const { client, tongue, now } = parts
  const words = wordsOf(tongue)
  let able: Able = ableBy(parts.env)
  let pages: Page[] = []
  let house: HousePage | undefined
  let session: ViewValue<"session"> | undefined
  let said: { text: string; bad: boolean; until: number } | undefined
  let [looking, drawing, ended] = [true, false, false]
  let end: (error?: unknown) => void = () => {}
  const over = new Promise<void>((done, failed) => {
    end = (error) => {
      ended = true
      if (error === undefined) done()
      else failed(error)
    }
  })

  const redraw = () => {
    if (drawing || ended) return
    drawing = true
    setTimeout(draw, FRAME_MS)
  }
  const live = createLive(client, redraw)
  const guarded = (work: () => void) => {
    try {
      work()
    } catch (error) {
      end(error)
    }
  }
  const draw = () =>
    guarded(() => {
      drawing = false
      if (ended) return
      const { width, height } = terminal.size()
      const surface = createSurface(width, height)
      const page = pages.at(-1) ?? startingPage(shell)
      page.draw(surface)
      if (said && said.until > now()) {
        surface.fill({ x: 0, y: height - 1, width, height: 1 })
        surface.put(1, height - 1, cut(plain(said.text), width - 2), said.bad ? warning : noticeStyle)
      }
      terminal.show(surface)
      live.sweep()
    })

  const shell: Shell = {
    ...{ port: client, live, words, tongue, now, redraw },
    ...{ style: parts.style, profile: parts.profile, server: parts.server, damaged: parts.damaged },
    able: () => able,
    looking: () => looking && pages.at(-1) === house,
    open(page) {
      if (!pages.includes(page)) pages.push(page)
      redraw()
    },
    close(page) {
      pages = pages.filter((one) => one !== page || one === house)
      redraw()
    },
    say(text, bad = false) {
      said = { text, bad, until: now() + SAY_MS }
      redraw()
      setTimeout(redraw, SAY_MS + 50).unref()
    },
    async ask(name, args) {
      const answer = await client.command(name, args)
      if (answer.ok) return answer.value
      shell.say(sentenceOf(answer.error.kind)[tongue], true)
      return undefined
    },
    run: (work) => void work().catch(end),
    quit: () => end(),
  }

  let folder = parts.save && parts.save !== "off" ? parts.save : defaultFolder(parts.folder)
  let automatic = parts.save !== "off"
  const files: Files = {
    client,
    folder: () => folder,
    automatic: () => automatic,
    setFolder(next) {
      automatic = next !== undefined
      folder = next ?? folder
    },
  }

  const onInput = (input: Input) =>
    guarded(() => {
      if (ended) return
      if (input.type === "answer") able = ableAfter(able, input.text)
      else if (input.type === "focus") looking = input.on
      else {
        said = undefined
        const act = input.type === "key" ? actOf("chat", input.name) : undefined
        if (act === "quit") return end()
        if (act === "redraw") terminal.forget()
        else if (act === "suspend") terminal.suspend()
        else pages.at(-1)?.input(input)
      }
      redraw()
    })
  const terminal = parts.openTerminal({
    ...{ deep: able.deep, onInput, onResize: redraw, onGone: () => end() },
  })
  terminal.ask(questions)
  terminal.title("Teahouse")

  let stopTeller = () => {}
  /** How much of what was found damaged the person has read where they signed in. */
  let known = 0
  const enter = () => {
    house = housePage(shell, files)
    pages = [house]
    const news = parts.found().slice(known)
    known += news.length
    const lines = news.map((one) => wasDamagedSentence(one)[tongue])
    if (lines.length > 0)
      shell.open(askPage(shell, "Teahouse 茶馆", lines, [{ label: words.goOn, run: () => {} }]))
    stopTeller = startTeller({
      ...{ port: client, now, looking: shell.looking, open: () => house?.room() },
      ring: () => terminal.bell(),
      title: (text) => terminal.title(text),
      onFile(room, key, seq, size) {
        if (!automatic || size > AUTOMATIC_BYTES) return
        shell.run(async () => {
          const saved = await saveFile(client, { room, key, seq }, folder)
          if (saved.ok) shell.say(words.saved(saved.value))
          else shell.say(words.notSaved(saved.error), true)
        })
      },
    })
  }
  const stopSession = client.subscribe("session", undefined, (next) =>
    guarded(() => {
      const before = session
      session = next
      if (next.state === "signed_in") {
        if (before?.state !== "signed_in") enter()
      } else {
        stopTeller()
        house = undefined
        if (next.state === "starting") pages = [startingPage(shell)]
        else if (next.state === "unconfirmed") pages = [recoveryPage(shell, next)]
        // Only what it asks for an account may have changed: what is being filled in stays.
        else if (before?.state !== "signed_out" || pages.length < 2) {
          pages = [signInPage(shell, next)]
          known = parts.found().length
        }
      }
      redraw()
    }),
  )
  redraw()
  return {
    over,
    quit: () => end(),
    async close() {
      ended = true
      terminal.close()
      stopSession()
      stopTeller()
      live.stop()
      await house?.flush()
    },
  }
}
