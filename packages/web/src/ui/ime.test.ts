import { describe, expect, it } from "vitest"
import { isForIme, type KeyLike, sends } from "./ime.ts"

const key = (more: Partial<KeyLike> = {}): KeyLike => ({
  key: "Enter",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
  ...more,
})
const enter = { enterSends: true, touch: false }
const control = { enterSends: false, touch: false }

describe("Enter", () => {
  it("sends, and with Shift breaks the line", () => {
    expect(sends(key(), false, enter)).toBe(true)
    expect(sends(key({ shiftKey: true }), false, enter)).toBe(false)
  })
  it("never sends while an input method composes, however the browser says so", () => {
    expect(sends(key({ isComposing: true }), false, enter)).toBe(false)
    expect(sends(key({ keyCode: 229 }), false, enter)).toBe(false)
    expect(sends(key(), true, enter)).toBe(false)
    expect(sends(key({ ctrlKey: true, isComposing: true }), false, control)).toBe(false)
  })
  it("breaks the line where Ctrl+Enter or ⌘+Enter sends", () => {
    expect(sends(key(), false, control)).toBe(false)
    expect(sends(key({ ctrlKey: true }), false, control)).toBe(true)
    expect(sends(key({ metaKey: true }), false, control)).toBe(true)
  })
  it("breaks the line on a touch keyboard", () => {
    expect(sends(key(), false, { enterSends: true, touch: true })).toBe(false)
  })
  it("is the only key that sends", () => {
    expect(sends(key({ key: "Process" }), false, enter)).toBe(false)
    expect(isForIme(key({ key: "Escape" }), true)).toBe(true)
  })
})
