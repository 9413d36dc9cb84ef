import { expect, it } from "vitest"
import { inviteTyped } from "./invite.ts"

const code = "mDM2bf4JfTcvIvzVahpear09dcq4Ps8bLaPVZdFuD54"

it("an invitation is typed as a code or as the whole link, and nothing else is one", () => {
  for (const text of [code, ` ${code}\n`, `https://tea.example/#invite=${code}`, `#invite=${code}`])
    expect(inviteTyped(text)).toBe(code)
  for (const text of [
    "",
    "tea",
    "https://tea.example/",
    `https://tea.example/#join=${code}`,
    `${code} please`,
  ])
    expect(inviteTyped(text)).toBeUndefined()
})
