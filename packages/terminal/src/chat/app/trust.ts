/**
 * `/trust`: the safety number with somebody, and what one says to it. Where their identity has changed it is a decision, in whole sentences, and
 * refusing comes first: whoever presses Enter without reading has sent nothing to anybody. Refused, all stays as it is: nothing is
 * sent, and the new identity is in no chat of one's own; `/trust` asks again.
 */
import type { Safety } from "@teahouse/client/view/port/contacts.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { askPage } from "./form.ts"
import type { Page, Shell } from "./shell.ts"

export function trustPage(
  shell: Shell,
  user: Id,
  name: string,
  { number, changed, verifiedAt }: Safety,
): Page {
  const { words } = shell
  const shown = changed?.number ?? number
  const groups = shown.match(/\d{5}/g) ?? [shown]
  const digits = [0, 4, 8].map((from) => groups.slice(from, from + 4).join("  "))
  const decide = (command: "setVerified" | "acceptIdentity") =>
    shell.run(async () => {
      const done =
        command === "setVerified"
          ? await shell.ask("setVerified", { user, on: true, number: shown })
          : await shell.ask("acceptIdentity", { user, number: shown })
      if (done !== undefined && changed) shell.say(words.trustAccepted(name))
    })
  const same = { label: words.trustSame, run: () => decide("setVerified") }
  if (!changed) return askPage(shell, words.trustTitle(name), [words.trustWhy, "", ...digits], [same])
  const why = [words.trustChanged, verifiedAt !== undefined ? words.trustVerifiedBefore : ""].filter(Boolean)
  return askPage(
    shell,
    words.trustTitle(name),
    [...why, words.trustWhy, "", ...digits],
    [
      { label: words.trustRefuse, run: () => shell.say(words.trustRefused(name)) },
      { label: words.trustSameAccept, run: () => decide("setVerified") },
      { label: words.trustGoOn, run: () => decide("acceptIdentity") },
    ],
    undefined,
    () => shell.say(words.trustRefused(name)),
  )
}
