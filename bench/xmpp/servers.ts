/**
 * ejabberd and Prosody as Debian packages them, each with the archives of rooms and people in a SQLite file of its own. The file
 * is set to WAL, which is quicker than what either would choose; `synchronous` stays FULL, SQLite's own default. Both archive a
 * message and deliver it; neither tells its sender that it is on the disk, so they promise less than the house does.
 *
 * They run in the foreground from a temporary folder, on loopback, without TLS, and nothing of the system's own service of
 * that name is touched.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { freePorts } from "../../test/free-ports.ts"
import { launch, type Running, runningOf } from "../fanout/process.ts"
import { libraries, SCHEMA, SCHEMA_FOLDER, type XmppName } from "./installed.ts"

const START_MS = 30_000
/** Our own peers see their input end; these are told by the kernel that whoever started them is gone, however it went. */
const WITH_US = ["setpriv", "--pdeathsig", "KILL"]

export async function startXmpp(name: XmppName): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), `teahouse-${name}-`))
  const [port] = (await freePorts(1)) as [number]
  const [command, environment] = name === "ejabberd-sqlite" ? ejabberd(folder, port) : prosody(folder, port)
  const child = launch([...WITH_US, ...command], environment, "pipe")
  // What they say while they start is only of interest where they do not.
  let said = ""
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (part: Buffer) => {
      said = (said + part.toString()).slice(-4_000)
    })
  const until = performance.now() + START_MS
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > until)
      throw new Error(`${name} did not start:\n${said}`)
    await new Promise((next) => setTimeout(next, 100))
  }
  // Nothing of theirs is kept; and Prosody now and then hears SIGTERM and stays.
  const running = runningOf(child, port, () => child.kill("SIGKILL"))
  return {
    ...running,
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Command = readonly [readonly string[], Readonly<Record<string, string>>]

function ejabberd(folder: string, port: number): Command {
  const file = join(folder, "archive.sqlite")
  inWal(file, readFileSync(join(SCHEMA_FOLDER, SCHEMA), "utf8"))
  const config = join(folder, "ejabberd.yml")
  const template = readFileSync(join(import.meta.dirname, "ejabberd.yml"), "utf8")
  writeFileSync(config, template.replace("port: PORT", `port: ${port}`).replace('"FILE"', `"${file}"`))
  return [
    [
      ...["erl", "-noinput", "-mnesia", "dir", `"${folder}/mnesia"`, "-sasl", "sasl_error_logger", "false"],
      // No spinning while there is nothing to do: it would be counted as work.
      ...[
        "-s",
        "ejabberd",
        "+K",
        "true",
        "+P",
        "250000",
        "+sbwt",
        "none",
        "+sbwtdcpu",
        "none",
        "+sbwtdio",
        "none",
      ],
    ],
    {
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
      HOME: folder,
      ERL_LIBS: libraries(),
    },
  ]
}

function prosody(folder: string, port: number): Command {
  inWal(join(folder, "archive.sqlite"), "")
  const config = join(import.meta.dirname, "prosody.cfg.lua")
  return [
    ["lua5.4", "/usr/bin/prosody", "-F", "--root", "--config", config],
    { BENCH_FOLDER: folder, BENCH_PORT: String(port) },
  ]
}

function inWal(file: string, schema: string): void {
  const db = new DatabaseSync(file)
  db.exec("PRAGMA journal_mode = WAL")
  db.exec(schema)
  db.close()
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
