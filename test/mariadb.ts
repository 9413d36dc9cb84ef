/** A real MariaDB for tests: on a socket and in a folder of its own, with nothing listening on the network. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { type Connection, createConnection } from "mysql2/promise"
import { findProgram } from "./program.ts"

const program = findProgram("mariadbd", "mysqld")
const install = findProgram("mariadb-install-db", "mysql_install_db")
export const hasMariadb = program !== undefined && install !== undefined

export type Mariadb = Awaited<ReturnType<typeof startMariadb>>

/** Where one in this folder is reached. */
export const mariadbUrl = (folder: string, name = "none", who = "root", password = "") =>
  `mysql://${who}:${encodeURIComponent(password)}@localhost/${name}?socketPath=${encodeURIComponent(join(folder, "s"))}`

export async function startMariadb(
  more: readonly string[] = [],
  folder = mkdtempSync(join(tmpdir(), "teahouse-maria-")),
) {
  mkdirSync(folder, { recursive: true })
  const data = join(folder, "data")
  const socketPath = join(folder, "s")
  const user = `--user=${userInfo().username}`
  const made = spawnSync(install as string, [
    ...["--no-defaults", `--datadir=${data}`, user, "--auth-root-authentication-method=normal"],
    "--skip-test-db",
  ])
  if (made.status !== 0) throw new Error(`the data folder could not be made: ${made.stderr}`)
  let server: ChildProcess
  let root: Connection
  let count = 0

  const start = async () => {
    server = spawn(
      program as string,
      [
        ...["--no-defaults", `--datadir=${data}`, `--socket=${socketPath}`, "--skip-networking", user],
        ...[`--pid-file=${join(folder, "pid")}`, ...more],
      ],
      { stdio: "ignore" },
    )
    for (let patience = 300; ; patience--) {
      try {
        root = await createConnection({ socketPath, user: "root", charset: "utf8mb4" })
        return
      } catch (error) {
        if (patience === 0) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  const end = async (signal: NodeJS.Signals) => {
    root.destroy()
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill(signal)
    await new Promise((resolve) => server.once("exit", resolve))
  }
  await start()

  const url = (name: string, who?: string, password?: string) => mariadbUrl(folder, name, who, password)
  return {
    url,
    query: (sql: string) => root.query(sql),
    /** An empty database of its own; its address. */
    async fresh(): Promise<string> {
      const name = `tea_${++count}_${process.pid}`
      await root.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
      return url(name)
    },
    async restart(signal: NodeJS.Signals = "SIGTERM") {
      await end(signal)
      await start()
    },
    kill: () => end("SIGKILL"),
    async stop() {
      await end("SIGTERM")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
