import { newId } from "@teahouse/protocol/ids.ts"
import { expect, test } from "vitest"
import { linkKeys } from "../crypto/link.ts"
import { decodeFragment, encodeFragment } from "./fragment.ts"

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const [room, other] = [newId(random), newId(random)]
const secret = random(16)

test("a link is read from an address, from its fragment, and with blanks around it", () => {
  const fragment = encodeFragment({ room, secret })
  expect(fragment).toHaveLength(44)
  for (const text of [fragment, ` ${fragment}\n`, `https://house.example/join#${fragment}`])
    expect(decodeFragment(text)).toEqual({ room, secret })
})

test("what was cut, is too long, of another version or no link at all is none", () => {
  const fragment = encodeFragment({ room, secret })
  const other = `x${fragment.slice(1)}`
  for (const text of [
    "",
    fragment.slice(0, -1),
    `${fragment}A`,
    other,
    "https://house.example/join",
    "茶".repeat(44),
  ])
    expect(decodeFragment(text)).toBeUndefined()
})

test("id and keys follow from the secret and the room, each for itself", () => {
  const [a, b] = [linkKeys(room, secret), linkKeys(other, secret)]
  expect(linkKeys(room, secret)).toEqual(a)
  expect(a.id).not.toBe(b.id)
  expect(a.signature.publicKey).not.toEqual(b.signature.publicKey)
  expect(a.preview).not.toEqual(b.preview)
  expect(a.preview).not.toEqual(a.signature.privateKey)
})
