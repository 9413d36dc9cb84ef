import { describe, expect, it } from "vitest"
import { actionOf, keysOf, shortcuts } from "./shortcuts.ts"

const pressed = (key: string, more: object = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  ...more,
})

describe("shortcuts", () => {
  it("are found by Ctrl and by Cmd, with exactly their modifiers", () => {
    expect(actionOf(pressed("k", { ctrlKey: true }))).toBe("switch")
    expect(actionOf(pressed("k", { metaKey: true }))).toBe("switch")
    expect(actionOf(pressed("k"))).toBeUndefined()
    expect(actionOf(pressed("K", { ctrlKey: true, shiftKey: true }))).toBeUndefined()
    expect(actionOf(pressed("U", { ctrlKey: true, shiftKey: true }))).toBe("attach")
    expect(actionOf(pressed("ArrowUp", { altKey: true }))).toBe("previous")
    expect(actionOf(pressed("ArrowUp", { altKey: true, shiftKey: true }))).toBe("previousUnread")
    expect(actionOf(pressed("/", { ctrlKey: true, shiftKey: true }))).toBe("help")
  })
  it("are never an input method's keys", () => {
    for (const { key, mod, alt, shift } of shortcuts) {
      const event = pressed(key, { ctrlKey: mod === true, altKey: alt === true, shiftKey: shift === true })
      expect(actionOf(event)).toBeDefined()
      expect(actionOf({ ...event, isComposing: true })).toBeUndefined()
      expect(actionOf({ ...event, keyCode: 229 })).toBeUndefined()
    }
  })
  it("have one meaning each", () => {
    const written = shortcuts.map((each) => keysOf(each, false).join("+"))
    expect(new Set(written).size).toBe(written.length)
    expect(written).toContain("Ctrl+Shift+U")
  })
})
