import type { Judge } from "@teahouse/judge/judge.ts"
import { expect, test } from "vitest"
import { lateJudge } from "./late-judge.ts"

test("a judge that could not be loaded once is loaded by whoever comes next", async () => {
  let turns = 0
  const judge = lateJudge(async () => {
    turns++
    if (turns === 1) throw new Error("too many open files")
    return { keyPackage: async () => "judged" } as unknown as Judge
  })
  const asked = () => judge.keyPackage(new Uint8Array(), undefined as never) as Promise<unknown>
  await expect(asked()).rejects.toThrow("too many open files")
  expect(await asked()).toBe("judged")
  expect(await asked()).toBe("judged")
  expect(turns).toBe(2)
})
