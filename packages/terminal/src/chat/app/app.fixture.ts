/**
 * The chat without a terminal around it: the real pages on the real client and a real profile on a disk, in this process. What is typed goes
 * through the real decoder; what a person would see is the surface.
 */
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { ClientParts } from "@teahouse/client/parts.ts"
import { expect } from "vitest"
import { cheap } from "../../../../../test/headless/person.ts"
import { openProfile } from "../../profile/open-profile.ts"
import { createDecoder } from "../input/decode.ts"
import { linesOf, type Surface } from "../screen/surface.ts"
import { runApp } from "./app.ts"

export type OpenApp = Awaited<ReturnType<typeof openApp>>

export async function openApp(dataHome: string, profile: string, server?: string) {
  const parts: Partial<ClientParts> = {
    crypto: createCrypto(cheap),
    connection: { firstRetryMs: 50, maxRetryMs: 300 },
    readEveryMs: 100,
    safekeeping: { quietMs: 30, longestMs: 300 },
  }
  const opened = await openProfile({ dataHome, profile, server, parts })
  if (!opened.ok) throw new Error(opened.error.kind)
  const { client, folder, server: origin, damaged, found, close } = opened.value
  const decoder = createDecoder()
  let surface: Surface | undefined
  let bells = 0
  let onInput: Parameters<Parameters<typeof runApp>[0]["openTerminal"]>[0]["onInput"] = () => {}
  const app = runApp({
    ...{
      client,
      profile,
      folder,
      damaged,
      found,
      server: origin,
      tongue: "en",
      env: {},
      save: "off",
      now: Date.now,
    },
    style: { language: "en", locale: "en" },
    openTerminal(given) {
      onInput = given.onInput
      return {
        size: () => ({ width: 100, height: 30 }),
        show: (next) => {
          surface = next
        },
        bell: () => void bells++,
        ...{ forget() {}, title() {}, ask() {}, suspend() {}, close() {} },
      }
    },
  })
  const screen = () => (surface ? linesOf(surface).join("\n") : "")
  return {
    client,
    screen,
    bells: () => bells,
    type(text: string) {
      for (const input of [...decoder.feed(Buffer.from(text)), ...decoder.settle()]) onInput(input)
    },
    sees: (text: string | RegExp) => expect.poll(screen).toMatch(text),
    seesNot: (text: string | RegExp) => expect.poll(screen).not.toMatch(text),
    /** Until these chats are in the list, under just these names. */
    knows: (...titles: string[]) =>
      new Promise<void>((done) => {
        const stop = client.subscribe("roomList", undefined, ({ rooms }) => {
          if (!titles.every((title) => rooms.some((one) => one.title === title))) return
          setTimeout(() => stop())
          done()
        })
      }),
    /** As whoever presses Ctrl+Q. */
    async quit() {
      app.quit()
      await app.over
      await app.close()
      await close()
    },
  }
}
