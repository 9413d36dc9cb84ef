/**
 * Every hostile commit we know (SECURITY R4), as one list for server and client: `expect` is the answer of both. Made
 * fresh on each run; the forger is a member who holds real keys, unless the case says otherwise.
 *
 * `client`: the judge cannot see it (it needs the group's secrets); the client finds it unprocessable and rejoins.
 */
import type { HostileCase } from "./case.fixture.ts"
import { form } from "./form.fixture.ts"
import { joinCases } from "./joins.fixture.ts"
import { leavesAndPaths } from "./leaf.fixture.ts"
import { newcomers } from "./newcomers.fixture.ts"
import { proposals } from "./proposals.fixture.ts"
import { rules } from "./rules.fixture.ts"

export const hostileCases: readonly HostileCase[] = [
  ...newcomers,
  ...leavesAndPaths,
  ...proposals,
  ...rules,
  ...joinCases,
  ...form,
]
