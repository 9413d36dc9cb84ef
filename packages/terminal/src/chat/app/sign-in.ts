/** Before anybody is signed in: which house, who, and the recovery code of a new account. */
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { damagedSentence, sentenceOf } from "../../say/sentences.ts"
import { faint } from "../screen/style.ts"
import { askPage, formPage } from "./form.ts"
import { titleBar } from "./parts.ts"
import type { Page, Shell } from "./shell.ts"

type Session<S> = Extract<ViewValue<"session">, { state: S }>

export function signInPage(shell: Shell, session: Session<"signed_out">): Page {
  const { words, tongue, server } = shell
  const lines = [words.welcome, `${words.house}: ${server}`]
  const damage = shell.damaged()
  if (damage) lines.push("", damagedSentence(damage)[tongue])
  else if (session.reason && session.reason !== "signed_out")
    lines.push("", sentenceOf(session.reason)[tongue])
  const send = async (work: ReturnType<typeof shell.port.command>) => {
    const answer = await work
    return answer.ok ? undefined : sentenceOf(answer.error.kind)[tongue]
  }
  const name = { label: words.username, ...(session.username ? { value: session.username } : {}) }
  const secret = { label: words.password, secret: true }
  const answers = [
    {
      label: words.signIn,
      run: () =>
        shell.open(
          formPage(shell, {
            title: words.signIn,
            lines: [`${words.house}: ${server}`],
            fields: [name, secret],
            submit: ([username = "", password = ""]) =>
              send(shell.port.command("signIn", { username: username.trim(), password })),
          }),
        ),
    },
    {
      label: words.createAccount,
      run: () =>
        shell.open(
          formPage(shell, {
            title: words.createAccount,
            lines: [`${words.house}: ${server}`],
            fields: [
              ...[{ label: words.username }, secret, { label: words.passwordAgain, secret: true }],
              ...(session.registration === "invite" ? [{ label: words.invite }] : []),
            ],
            async submit([username = "", password = "", again, invite]) {
              if (password !== again) return words.passwordsDiffer
              const made = {
                username: username.trim(),
                password,
                ...(invite ? { invite: invite.trim() } : {}),
              }
              return send(shell.port.command("createAccount", made))
            },
          }),
        ),
    },
    {
      label: words.recover,
      run: () =>
        shell.open(
          formPage(shell, {
            title: words.recover,
            fields: [name, { label: words.code }, { label: words.newPassword, secret: true }],
            submit: ([username = "", code = "", password = ""]) =>
              send(shell.port.command("recover", { username: username.trim(), code: code.trim(), password })),
          }),
        ),
    },
  ]
  const order = session.username
    ? answers
    : [answers[0], answers[1], answers[2]].filter((one) => one !== undefined)
  return askPage(shell, "Teahouse 茶馆", lines, order, words.menuHint, shell.quit)
}

/** Shown until the person has shown that it was written down. */
export function recoveryPage(shell: Shell, { recoveryCode }: Session<"unconfirmed">): Page {
  const { words } = shell
  const letters = (text: string) => text.replace(/[^0-9a-z]/gi, "").toUpperCase()
  return formPage(shell, {
    title: words.recoveryTitle,
    lines: [words.recoveryWhy],
    code: recoveryCode,
    fields: [{ label: words.recoveryType }],
    async submit([typed = ""]) {
      const given = letters(typed)
      const all = letters(recoveryCode)
      if (given !== all && given !== all.slice(-4)) return words.recoveryWrong
      await shell.ask("confirmRecoveryCode", {})
      return undefined
    },
    cancel: shell.quit,
  })
}

export const startingPage = (shell: Shell): Page => ({
  draw(surface) {
    titleBar(surface, "Teahouse 茶馆")
    surface.put(2, Math.floor(surface.height / 2), shell.words.starting, faint)
  },
  input: () => false,
})
