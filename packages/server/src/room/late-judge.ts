/**
 * The judge, loaded when the first commit, room or key package is to be judged: MLS is a hundred modules that a house with nothing but
 * messages to order does not need. What it says at once and not by a promise is only asked of bytes that `open`, `commit` or
 * `generation` have let through, and by then it is there.
 */
import type { Judge } from "@teahouse/judge/judge.ts"

export function lateJudge(
  load: () => Promise<Judge> = async () => (await import("@teahouse/judge/judge.ts")).mlsJudge,
): Judge {
  let loading: Promise<Judge> | undefined
  let there: Judge | undefined
  const judge = () => {
    loading ??= load().then(
      (loaded) => {
        there = loaded
        return loaded
      },
      // Out of file descriptors for a moment, say: whoever comes next asks anew.
      (error: unknown) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }
  const now = () => {
    if (!there) throw new Error("the judge is asked about what it has not seen")
    return there
  }
  return {
    open: async (...given) => (await judge()).open(...given),
    commit: async (...given) => (await judge()).commit(...given),
    groupInfo: async (...given) => (await judge()).groupInfo(...given),
    generation: async (...given) => (await judge()).generation(...given),
    keyPackage: async (...given) => (await judge()).keyPackage(...given),
    welcome: (...given) => now().welcome(...given),
    attestedBy: (...given) => now().attestedBy(...given),
  }
}
