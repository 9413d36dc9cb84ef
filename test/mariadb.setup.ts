/** One MariaDB for the whole project, where its environment says (vitest.config.ts): each test makes a database of its own in it. */
import { dirname } from "node:path"
import type { TestProject } from "vitest/node"
import { startMariadb } from "./mariadb.ts"

export default async function setup(project: TestProject) {
  const url = new URL(project.config.env.TEAHOUSE_TEST_MYSQL as string)
  const folder = dirname(url.searchParams.get("socketPath") as string)
  // What a power cut would lose is not what these tests are about.
  const server = await startMariadb(["--innodb-flush-log-at-trx-commit=2"], folder)
  return () => server.stop()
}
