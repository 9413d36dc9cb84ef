/** What one check has found, and what to do about it where something is not right. */
import type { Problem } from "@teahouse/server/config.ts"

export type Standing = "good" | "doubtful" | "bad"
export type Finding = {
  /** A word for scripts, the same in every version. */
  readonly check: string
  readonly standing: Standing
  readonly found: Problem
  /** What to do; absent where it is good. */
  readonly advice?: Problem
}

export const good = (check: string, zh: string, en: string): Finding => ({
  ...{ check, standing: "good", found: { zh, en } },
})
export const amiss = (
  check: string,
  standing: "doubtful" | "bad",
  found: Problem,
  advice: Problem,
): Finding => ({ check, standing, found, advice })
