/** A page of fields, one under the other, and one of a few words and answers. */

import { accent, bold, faint, warning } from "../screen/style.ts"
import { wrap } from "../screen/width.ts"
import { bottomLine, createField, drawRows, type Field, titleBar } from "./parts.ts"
import type { Page, Shell } from "./shell.ts"

export type FormField = {
  readonly label: string
  readonly secret?: boolean
  readonly value?: string
  readonly optional?: boolean
}
export type FormParts = {
  readonly title: string
  readonly lines?: readonly string[]
  /** Drawn large, apart from the words. */
  readonly code?: string
  readonly fields: readonly FormField[]
  /** Gives what was not right, or nothing; then the form is over. */
  submit(values: readonly string[]): Promise<string | undefined>
  cancel?(): void
}

export function formPage(shell: Shell, parts: FormParts): Page {
  const fields: Field[] = parts.fields.map(({ secret, value }) => {
    const field = createField(secret)
    if (value) field.set(value)
    return field
  })
  let at = Math.max(
    0,
    parts.fields.findIndex(({ value }) => !value),
  )
  let [busy, problem] = [false, ""]
  const submit = () => {
    const values = fields.map((field) => field.value())
    const missing = parts.fields.findIndex(({ optional }, n) => !optional && values[n]?.trim() === "")
    if (missing >= 0 && missing !== at && at < missing) {
      at = missing
      return
    }
    if (at < fields.length - 1 && values.slice(at + 1).every((value) => value === "")) {
      at += 1
      return
    }
    if (missing >= 0) {
      at = missing
      problem = shell.words.fillIn
      return
    }
    ;[busy, problem] = [true, ""]
    shell.run(async () => {
      problem = (await parts.submit(values)) ?? ""
      busy = false
      if (problem === "") shell.close(page)
      shell.redraw()
    })
  }
  const page: Page = {
    draw(surface) {
      const { words } = shell
      titleBar(surface, parts.title)
      const width = Math.min(60, surface.width - 4)
      const x = Math.max(2, Math.floor((surface.width - width) / 2))
      let y = surface.height > 16 ? 3 : 1
      for (const line of (parts.lines ?? []).flatMap((one) => wrap(one, width))) surface.put(x, y++, line)
      if (parts.code) {
        y += 1
        for (const line of wrap(parts.code, width)) surface.put(x + 2, y++, line, { ...bold, ...accent })
      }
      y += 1
      for (const [n, field] of fields.entries()) {
        surface.put(x, y, parts.fields[n]?.label ?? "", n === at ? bold : faint)
        field.draw(surface, x, y + 1, width, n === at && !busy)
        y += surface.height > 16 ? 3 : 2
      }
      if (busy) surface.put(x, y, words.working, faint)
      for (const line of wrap(problem, width)) surface.put(x, y++, line, warning)
      bottomLine(surface, words.formHint)
    },
    input(input) {
      if (busy) return true
      const key = input.type === "key" ? input.name : ""
      if (key === "escape") {
        shell.close(page)
        parts.cancel?.()
      } else if (key === "enter") submit()
      else if (key === "tab" || key === "down") at = (at + 1) % fields.length
      else if (key === "shift+tab" || key === "up") at = (at + fields.length - 1) % fields.length
      else return fields[at]?.input(input) ?? false
      return true
    },
  }
  return page
}

/** A question with a few answers. */
export function askPage(
  shell: Shell,
  title: string,
  lines: readonly string[],
  answers: readonly { readonly label: string; run(): void }[],
  hint?: string,
  cancel?: () => void,
): Page {
  let at = 0
  const page: Page = {
    draw(surface) {
      titleBar(surface, title)
      const width = Math.min(64, surface.width - 4)
      const x = Math.max(2, Math.floor((surface.width - width) / 2))
      let y = surface.height > 12 ? 3 : 1
      for (const line of lines.flatMap((one) => wrap(one, width))) surface.put(x, y++, line)
      drawRows(surface, { x, y: y + 1, width, height: answers.length }, answers, at)
      bottomLine(surface, hint ?? shell.words.chooseOne)
    },
    input(input) {
      const key = input.type === "key" ? input.name : ""
      if (key === "up" || key === "shift+tab") at = Math.max(0, at - 1)
      else if (key === "down" || key === "tab") at = Math.min(answers.length - 1, at + 1)
      else if (key === "enter") {
        shell.close(page)
        answers[at]?.run()
      } else if (key === "escape") {
        shell.close(page)
        cancel?.()
      } else return false
      return true
    },
  }
  return page
}

export const confirmPage = (shell: Shell, question: string, yes: () => void): Page =>
  askPage(
    shell,
    shell.words.help === "" ? "" : "Teahouse 茶馆",
    [question],
    [
      { label: shell.words.no, run: () => {} },
      { label: shell.words.yes, run: yes },
    ],
  )
