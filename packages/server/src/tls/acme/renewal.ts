/**
 * A certificate from a certificate authority, ordered when there is none and again in time (schedule.ts). It is looked at every minute: what
 * another node has ordered is taken over, what is due is ordered by whoever gets the turn. A failure is said in the log and kept for
 * `teahouse doctor` (files.ts); the certificate that there is goes on for as long as it lasts.
 */
import { err, type Result } from "@teahouse/protocol/result.ts"
import { type Pair, readPair } from "../../ops/certificate.ts"
import { trace } from "../../ops/log.ts"
import type { Secure, Shown } from "../port.ts"
import type { Issued } from "../x509.ts"
import type { Failure } from "./failure.ts"
import { type AcmeFiles, acmeFiles } from "./files.ts"
import { covers, orderCertificate } from "./order.ts"
import { type Attempt, afterFailure, mayTry, renewalTime } from "./schedule.ts"
import { tellFailure } from "./sentences.ts"
import { openWire } from "./wire.ts"

const LOOK_MS = 60_000

export type Acme = {
  readonly names: readonly string[]
  readonly contact?: string
  /** Of the CA's directory. */
  readonly directory: string
}
export type RenewalParts = {
  /** The folder of the house's keys. */
  readonly keys: string
  readonly now: () => number
  readonly log: {
    info(text: string): void
    warn(text: string): void
    error(what: object, text: string): void
  }
  /** From 0 to 1. */
  readonly chance?: () => number
  readonly fetch?: typeof fetch
  readonly wait?: (ms: number) => Promise<void>
}

export function acmeCertificate(
  acme: Acme,
  parts: RenewalParts,
): Secure & { order(asked: boolean): Promise<void> } {
  const { names, contact, directory } = acme
  const { now, log, chance = Math.random } = parts
  const files = acmeFiles(parts.keys)
  const ending = new AbortController()
  let taken: ((shown: Shown) => void) | undefined
  let held: Pair | undefined
  let running: Promise<void> | undefined
  /** The same as in the folder, for the case that nothing can be written there. */
  let remembered: Attempt | undefined
  const last = () => files.attempt() ?? remembered

  /** What stands in the folder, if it is good. */
  function look(): Pair | undefined {
    const read = readPair({ certificate: files.certificate, key: files.certificate }, now())
    if (!read.ok || read.value.cert === held?.cert) return held
    held = read.value
    taken?.(held)
    return held
  }
  const due = (pair: Pair | undefined) =>
    pair === undefined || !covers(pair.cert, names) || now() >= renewalTime(pair)

  async function order(asked: boolean): Promise<void> {
    if (!due(look()) || !mayTry(last(), now(), asked)) return
    const giveBack = files.takeTurn()
    if (!giveBack) return
    try {
      // Another node may just have had its turn.
      if (!due(look()) || !mayTry(last(), now(), asked)) return
      log.info(`${names.join(", ")}: a certificate is ordered at ${new URL(directory).host}`)
      const issued = await orderOnce(files)
      if (ending.signal.aborted) return
      if (!issued.ok) return fail(issued.error)
      files.keep(issued.value)
      const present = look()
      // By this machine's clock it is not good (yet). It must not be asked for again in a minute, and again, and again.
      if (present === undefined || due(present)) return fail({ kind: "clock" })
      files.succeeded()
      remembered = undefined
      const until = day(present.until)
      log.info(`证书有效期至 ${until}。 The certificate is good until ${until}.`)
    } finally {
      giveBack()
    }
  }

  async function orderOnce(files: AcmeFiles): Promise<Result<Issued, Failure>> {
    const { fetch } = parts
    const opened = await openWire(directory, { now, signal: ending.signal, ...(fetch ? { fetch } : {}) })
    if (!opened.ok) return err(opened.error)
    const account = await files.account()
    const { challenges } = files
    const wait = parts.wait ?? sleep(ending.signal)
    return orderCertificate({ names, contact }, { wire: opened.value, account, challenges, now, wait })
  }

  function fail(failure: Failure) {
    const attempt = afterFailure(last()?.failures ?? 0, failure, now(), chance())
    remembered = attempt
    const { found, advice } = tellFailure(failure, directory, names)
    const next = minute(attempt.next)
    const until = held && now() < held.until ? day(held.until) : undefined
    log.warn(
      `没有取得证书：${found.zh}${advice.zh}${until ? `现有证书可用至 ${until}，` : ""}下次尝试：${next}。 ` +
        `No certificate: ${found.en} ${advice.en} ${until ? `The present one is good until ${until}; next` : "Next"} try: ${next}.`,
    )
    files.failed(attempt)
  }

  /** One at a time; nothing that happens here may end the house. */
  function begin(asked: boolean): Promise<void> {
    running ??= order(asked)
      .catch((error) => {
        log.error(trace(error), "ordering a certificate failed")
        // A full disk: it may have been the very certificate that could not be kept, so not again in a minute.
        try {
          fail({ kind: "storage" })
        } catch {}
      })
      .finally(() => {
        running = undefined
      })
    return running
  }

  return {
    get first() {
      return look()
    },
    challenge: files.challenges.answer,
    order: begin,
    watch(take) {
      taken = take
      const timer = setInterval(() => void begin(false), LOOK_MS)
      timer.unref()
      void begin(true)
      return {
        look: () => void begin(true),
        async stop() {
          clearInterval(timer)
          ending.abort()
          await running
        },
      }
    },
  }
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10)
const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`

const sleep = (signal: AbortSignal) => (ms: number) =>
  new Promise<void>((done) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", end)
      done()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener("abort", end)
  })
