/**
 * `teahouse healthcheck`: does the house that this configuration opens answer? For what asks again and again – an image's HEALTHCHECK, a
 * supervisor – and so: one request to `/livez`, no database, nothing printed where all is well. It ends with 0 or with 1, never another
 * number, because Docker knows no other.
 *
 * It reads what `serve` reads, so that another port, a certificate or ACME cannot be forgotten here. Flags that `serve` was given have
 * to be given here, too; a house on any free port cannot be found. A house that waits for its first certificate is alive: starting it
 * again would bring none.
 */
import { get as getPlain, type RequestOptions } from "node:http"
import { get as getSecure } from "node:https"
import { type Configuration, type Problem, readConfiguration } from "@teahouse/server/config.ts"
import { WAITS } from "@teahouse/server/tls/plain.ts"
import { tongueOf } from "@teahouse/terminal/say/language.ts"
import type { Program } from "./program.ts"

/** Less than the five seconds after which the image's own check is given up. */
const PATIENCE_MS = 4_000

export async function healthcheck(args: readonly string[], program: Program): Promise<void> {
  const problems = await examineLife(args, process.env, program.data)
  for (const problem of problems) console.error(problem[tongueOf(process.env)])
  if (problems.length > 0) process.exitCode = 1
}

/** Nothing: it is alive. */
export async function examineLife(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  folder?: string,
): Promise<readonly Problem[]> {
  const read = readConfiguration(args, env, undefined, folder)
  if (!read.ok) return read.error
  const { host, port, redirectPort, ...how } = read.value
  if (port === 0) return [anyPort]
  const secure = isSecure(how)
  const said = (await ask({ host, port, secure, path: "/livez" }))?.status
  // 429: behind a proxy that says nobody's address, this machine's share may be used up. Whoever says so is alive.
  if (said === 200 || said === 429) return []
  if (redirectPort !== undefined) {
    const plain = await ask({ host, port: redirectPort, secure: false, path: "/api/house" })
    if (plain?.status === 503 && plain.retryAfter === WAITS) return []
  }
  return [silent(`${secure ? "https" : "http"}://${host}:${port}/livez`)]
}

const isSecure = ({ acme, selfSigned, certificate }: Partial<Configuration>): boolean =>
  acme !== undefined || selfSigned === true || certificate !== undefined

type Asked = { readonly host: string; readonly port: number; readonly secure: boolean; readonly path: string }

/** Whoever has the port on this very machine is asked, whatever the names in its certificate. */
const ask = ({ host, port, secure, path }: Asked) =>
  new Promise<{ readonly status: number | undefined; readonly retryAfter: string | undefined } | undefined>(
    (done) => {
      const every = host === "0.0.0.0" || host === "::"
      const to: RequestOptions & { rejectUnauthorized: boolean } = {
        ...{ host: every ? "127.0.0.1" : host, port, path, agent: false },
        ...{ signal: AbortSignal.timeout(PATIENCE_MS), rejectUnauthorized: false },
      }
      const asked = (secure ? getSecure : getPlain)(to, (answer) => {
        answer.resume()
        done({ status: answer.statusCode, retryAfter: answer.headers["retry-after"] })
      })
      asked.on("error", () => done(undefined))
    },
  )

const silent = (url: string): Problem => ({
  zh: `${url} 没有应答：茶馆没有运行，或设置与运行时不同。`,
  en: `Nothing answers at ${url}: the house is not open, or was opened with other settings.`,
})
const anyPort: Problem = {
  zh: "端口为 0（自动选择），无法得知茶馆在哪里监听。请设置 port。",
  en: "The port is 0, any free one, so nobody knows where the house listens. Set port.",
}
