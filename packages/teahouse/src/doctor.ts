/**
 * `teahouse doctor [--json]`: looks at what goes wrong in practice, with the configuration of `serve`, and says what to do. It changes
 * nothing, beside a house that is open too. It ends with 0, or with 1 where a house would not open or not work.
 */
import { readConfiguration } from "@teahouse/server/config.ts"
import { tongueOf } from "@teahouse/terminal/say/language.ts"
import { blobFindings } from "./doctor/blobs.ts"
import { housePortFinding, redirectFinding, secureFindings } from "./doctor/certificate.ts"
import { lookAtDatabase } from "./doctor/database.ts"
import { folderFinding, fsyncFinding, roomFinding } from "./doctor/disk.ts"
import { type Finding, good } from "./doctor/finding.ts"
import { certificateFinding, clockFinding, filesFinding, memoryFinding } from "./doctor/machine.ts"
import { natsFinding, portFinding, secureFinding } from "./doctor/network.ts"
import type { Program } from "./program.ts"

const SIGNS = { good: "✓", doubtful: "!", bad: "✗" } as const

export async function doctor(args: readonly string[], program: Program): Promise<void> {
  const json = args.includes("--json")
  const findings = await examine(
    args.filter((arg) => arg !== "--json"),
    process.env,
    program.data,
  )
  if (json) for (const one of findings) console.log(JSON.stringify(one))
  else {
    const tongue = tongueOf(process.env)
    for (const { standing, found, advice } of findings) {
      console.log(`${SIGNS[standing]} ${found[tongue]}`)
      if (advice) console.log(`  → ${advice[tongue]}`)
    }
  }
  if (findings.some(({ standing }) => standing === "bad")) process.exitCode = 1
}

export async function examine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  folder?: string,
): Promise<readonly Finding[]> {
  const read = readConfiguration(args, env, undefined, folder)
  if (!read.ok)
    return read.error.map(
      (found): Finding => ({ check: "configuration", standing: "bad", found, advice: mend }),
    )
  const { value: configuration } = read
  const { data, host, socketPort, metrics, nats, certificate, certificateKey, redirectPort } = configuration
  const database = await lookAtDatabase(configuration)
  const clock = database.clock
  const folderFound = folderFinding(data)
  return [
    good("configuration", "配置正确。", "The configuration is right."),
    clockFinding(Date.now(), clock === undefined ? undefined : { at: clock, of: "the database 数据库" }),
    memoryFinding(),
    ...[filesFinding()].filter((one) => one !== undefined),
    folderFound,
    roomFinding(data),
    ...(folderFound.standing === "bad" ? [] : [fsyncFinding(data)]),
    ...database.findings,
    await housePortFinding(configuration),
    ...(socketPort === undefined ? [] : [await portFinding(host, socketPort, "socket-port")]),
    ...(metrics === undefined ? [] : [await portFinding(metrics.host, metrics.port, "metrics-port")]),
    ...(certificate && certificateKey
      ? [certificateFinding({ certificate, key: certificateKey }, Date.now())]
      : []),
    ...(await blobFindings(configuration)),
    ...(await secureFindings(configuration, Date.now())),
    ...(redirectPort === undefined ? [] : [await redirectFinding(host, redirectPort)]),
    ...(nats === undefined ? [] : [await natsFinding(nats)]),
    secureFinding(configuration),
  ]
}

const mend = {
  zh: "teahouse config check 会指出所有错误的位置。",
  en: "teahouse config check names each mistake with its place.",
}
