import { describe, expect, test } from "vitest"
import { loadReadings, matches } from "./pinyin.ts"

describe("UX 11 and 30: names found by pinyin", async () => {
  const readings = await loadReadings()
  const finds = (text: string, query: string) => matches(text, query, readings)

  test("by the whole of it, its beginning and its initials", () => {
    for (const query of ["zhangwei", "zhang wei", "zhangw", "zw", "zhw", "wei", "ZHANGWEI", "张", "张w"])
      expect([query, finds("张伟", query)]).toEqual([query, true])
    for (const query of ["li", "zhangwu", "wz", "zhangweii", "zg"])
      expect([query, finds("张伟", query)]).toEqual([query, false])
  })
  test("characters with several readings are found by each", () => {
    for (const query of ["chongqing", "zhongqing", "cq", "zq"]) expect(finds("重庆", query)).toBe(true)
    for (const query of ["shanxiongxin", "danxiongxin", "sxx", "dxx"])
      expect(finds("单雄信", query)).toBe(true)
  })
  test("ü is typed v or u", () => {
    expect(finds("吕布", "lvbu") && finds("吕布", "lubu")).toBe(true)
  })
  test("Latin and mixed names stay what they are", () => {
    expect(finds("Emma 王", "emmaw")).toBe(true)
    expect(finds("Emma", "ema")).toBe(false)
    expect(finds("李Emma", "liem")).toBe(true)
  })
  test("without the dictionary only what is written", () => {
    expect(matches("张伟", "zw")).toBe(false)
    expect(matches("张伟", "伟")).toBe(true)
    expect(matches("anything", "")).toBe(true)
  })
  test("a long hostile query ends soon", () => {
    expect(finds("重".repeat(200), `${"z".repeat(500)}!`)).toBe(true)
    expect(finds("重".repeat(200), `${"zc".repeat(31)}!`)).toBe(false)
  })
})
