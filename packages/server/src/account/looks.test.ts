/** Names that look alike: which are, which are not, and what the house does about them. */
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { rawSql } from "../db/database.fixture.ts"
import {
  finishRequest,
  idOf,
  login,
  makeDevice,
  newPerson,
  openTestHouse,
  register,
  registration,
  type TestHouse,
} from "../http/house.fixture.ts"
import { skeletonOf } from "./looks.ts"

describe("what looks alike", () => {
  it.each([
    ["alice", "ɑlice", "the letter alpha"],
    ["alice", "a1ice", "a digit one"],
    ["lili", "1i1i", "l and 1"],
    ["bob", "b0b", "a zero"],
    ["tom", "torn", "r and n"],
    ["kim", "kım", "an i without its dot"],
    ["lei.ll", "lei.l١", "an Arabic digit"],
    ["google", "ɡooɡle", "the phonetic g"],
    ["aether", "æther", "a ligature"],
    ["张晩", "张晚", "a variant of one character"],
    ["王土", "王士", "two strokes of other lengths"],
    ["张o", "张〇", "a zero among characters"],
  ])("%s and %s: %s", async (one, other) => {
    // Both are names; were they not, there would be nothing to compare.
    expect([normalizeUsername(one), normalizeUsername(other)]).toEqual([one, other])
    expect(await skeletonOf(other)).toBe(await skeletonOf(one))
  })

  it.each([
    ["alice", "alicia"],
    ["an", "ann"],
    ["wei", "vvei"],
    ["jose", "josé"],
    ["il", "ii"],
    ["韩梅梅", "韩梅妹"],
    ["李雷", "李蕾"],
    ["张三", "章三"],
    ["未来", "末来"],
    ["a.b", "a_b"],
    ["a-b", "a_b"],
  ])("%s and %s do not", async (one, other) => {
    expect(await skeletonOf(other)).not.toBe(await skeletonOf(one))
  })

  it("what is written in full width or with Cyrillic letters never comes so far", () => {
    expect(normalizeUsername("ａｌｉｃｅ")).toBe("alice")
    expect(normalizeUsername("аlice")).toBeUndefined()
    expect(normalizeUsername("aliсe")).toBeUndefined()
    expect(normalizeUsername("αlice")).toBeUndefined()
  })
})

describe("a house", () => {
  let house: TestHouse
  beforeAll(async () => {
    house = await openTestHouse()
  })
  afterAll(() => house.remove())

  const begin = async (name: string) => {
    const { user } = await newPerson(name)
    return (await registration(house, name, "whatever it is", user)).begun
  }

  it("refuses a name that looks like one that is there, at the first step and at the second", async () => {
    await register(house, "mia")
    const early = await begin("rnia")
    expect([early.status, early.refusal.kind]).toEqual([409, "username_alike"])
    expect((await begin("mia")).refusal.kind).toBe("username_taken")

    const other = await newPerson("ray1")
    const { record } = await registration(house, "ray1", "pass pass pass", other.user)
    const device = await makeDevice(other, { house: await idOf(house), n: 1 })
    await register(house, "rayl")
    const request = finishRequest("ray1", other, device, record ?? "")
    expect((await house.call("registerFinish", { request })).refusal.kind).toBe("username_alike")
    // Nothing of it is there.
    const known = await house.call("loginParameters", { request: { username: "ray1" } })
    expect(known.value.user).not.toBe(other.user)
  })

  it("takes names that mix Han and Latin, and several of one family", async () => {
    for (const name of ["李lei", "lei李", "韩梅梅", "韩梅妹", "王3", "王4", "茶馆_tea.house"])
      await register(house, name)
  })

  it("keeps the look of a name whose account is gone", async () => {
    const sam = await register(house, "sam")
    const { entered } = await login(house, "sam", sam.password)
    const token = entered?.value.session.token as Uint8Array
    expect((await house.call("deleteAccount", { token, request: {} })).status).toBe(200)
    expect((await begin("sam")).refusal.kind).toBe("username_taken")
    expect((await begin("sarn")).refusal.kind).toBe("username_alike")
  })

  it("knows the looks of names that are older than it looks at them, also where two were alike", async () => {
    const data = house.data
    await register(house, "old0")
    await rawSql(data, "UPDATE account SET name = ? WHERE name = ?", [
      Buffer.from("oldo"),
      Buffer.from("rayl"),
    ])
    await rawSql(data, "DELETE FROM name_look")
    await house.stop()
    house = await openTestHouse({ data })
    expect((await begin("0ld0")).refusal.kind).toBe("username_alike")
    expect((await begin("rnia")).refusal.kind).toBe("username_alike")
    expect((await begin("sarn")).refusal.kind).toBe("username_alike")
    expect((await begin("ray2")).status).toBe(200)
    const rows = await rawSql(data, "SELECT COUNT(*) AS names FROM name_look")
    const accounts = await rawSql(data, "SELECT COUNT(*) AS names FROM account")
    // One account is gone; its name has a look as well.
    expect(Number(rows[0]?.names)).toBe(Number(accounts[0]?.names) + 1)
  })
})
