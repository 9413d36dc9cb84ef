import { expect, test } from "vitest"
import { idBytes } from "./ids.ts"
import { pack } from "./pack.ts"
import {
  decodePolicy,
  directPolicy,
  encodePolicy,
  groupPolicy,
  POLICY_MAX_BYTES,
  type RoomPolicy,
  roleOf,
  selfPolicy,
} from "./policy.ts"
import { bytes, id } from "./samples.fixture.ts"

const [a, b, c] = [id(1), id(2), id(3)]
const direct = directPolicy(a, b)
const group = groupPolicy(a)

test("two people make one policy, whoever writes it", () => {
  expect(encodePolicy(directPolicy(b, a))).toEqual(encodePolicy(direct))
})

test("no two policies share a list", () => {
  groupPolicy(a).admins.push(b)
  expect(groupPolicy(a).admins).toEqual([])
})

test.each<[string, RoomPolicy]>([
  ["a direct room with one person", { ...direct, users: [a] }],
  ["a direct room with the same person twice", { ...direct, users: [a, a] }],
  ["a direct room with an owner", { ...direct, owner: a }],
  ["a direct room with admins", { ...direct, admins: [a] }],
  ["a direct room with bans", { ...direct, bans: [c] }],
  ["a self room with two people", { ...selfPolicy(a), users: [a, b] }],
  ["a group that lists people", { ...group, users: [a] }],
  ["a group without an owner", { ...group, owner: null }],
  ["an owner who is an admin", { ...group, admins: [a] }],
  ["an admin twice", { ...group, admins: [b, b] }],
  ["a ban twice", { ...group, bans: [b, b] }],
])("refused: %s", (_, policy) => {
  expect(decodePolicy(encodePolicy(policy))).toBeUndefined()
})

test("a direct room with three people is refused", () => {
  const three = { ...direct, users: [a, b, c].map(idBytes) }
  expect(decodePolicy(pack(three))).toBeUndefined()
})

test("bytes that are no policy", () => {
  expect(decodePolicy(bytes(20, 1))).toBeUndefined()
  expect(decodePolicy(pack({ ...direct, users: direct.users.map(idBytes), more: 1 }))).toBeUndefined()
  expect(decodePolicy(Uint8Array.from([...encodePolicy(group), 0]))).toBeUndefined()
  expect(decodePolicy(new Uint8Array(POLICY_MAX_BYTES + 1))).toBeUndefined()
})

test("roles", () => {
  const policy = { ...group, admins: [b] }
  expect([a, b, c].map((user) => roleOf(policy, user))).toEqual(["owner", "admin", "member"])
  expect(roleOf(direct, a)).toBe("member")
})
