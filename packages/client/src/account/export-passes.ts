/**
 * Who may take everything out (SECURITY R2): whoever has proved the password, by OPAQUE, in this session and at most five
 * minutes ago. An export that began with such a proof has a pass and goes on with it however long its files take; the pass and
 * the proof are in memory only and end with the session.
 *
 * What it is good for: somebody who sits down at a page that is open cannot carry all of it away with one click. What it is not: a
 * wall against who runs code of their own here. The keys lie on this device, and what a screen can show can be copied from it.
 * Rejected: asking the house for leave. It has nothing of what is exported, so its answer would bind nobody; it cannot say yes
 * in the password's place either, because the proof counts only when it has opened the account's root.
 */
import type { Clock } from "../platform.ts"

/** ms */
export const PROOF_MS = 5 * 60_000

export type ExportPasses = ReturnType<typeof createExportPasses>

export function createExportPasses(clock: Clock, newPass: () => string) {
  let provedAt: number | undefined
  const passes = new Set<string>()
  return {
    proved(): void {
      provedAt = clock()
    },
    /** undefined where the password has to be proved first. */
    begin(): string | undefined {
      // A clock that was set back makes no proof younger than it is.
      const age = provedAt === undefined ? Number.NaN : clock() - provedAt
      if (!(age >= 0 && age <= PROOF_MS)) return undefined
      const pass = newPass()
      passes.add(pass)
      return pass
    },
    holds: (pass: string): boolean => passes.has(pass),
    end(pass: string): void {
      passes.delete(pass)
    },
  }
}
