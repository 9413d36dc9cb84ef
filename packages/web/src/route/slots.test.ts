import { expect, test } from "vitest"
import { noteSlot, readSlots } from "./slots.ts"

function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage
}

test("an account keeps its colour in the list when it is signed out, and gives it to nobody else", () => {
  const list = storage()
  noteSlot(list, { slot: 1, username: "lan", signedIn: true, user: "LAN" })
  noteSlot(list, { slot: 1, username: "lan", signedIn: false })
  expect(readSlots(list)).toEqual([{ slot: 1, username: "lan", signedIn: false, user: "LAN" }])
  noteSlot(list, { slot: 1, username: "bo", signedIn: false })
  expect(readSlots(list)).toEqual([{ slot: 1, username: "bo", signedIn: false }])
})
