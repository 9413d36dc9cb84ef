/**
 * Does the time of an answer tell whether somebody has a name? Sign-in and recovery of names that are there and of names that nobody
 * has, one after the other in an order by chance, over one connection to a house of this machine: nearer than anybody who asks from
 * afar. `differenceUs` is the difference of the medians, `z` how far beyond chance it is (ranks.ts); beyond ±4.5 it says so.
 */
import { randomBytes, randomInt } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { Agent, request as send } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { client, ready } from "@serenity-kit/opaque"
import { cheap, openTestHouse, register } from "@teahouse/server/http/house.fixture.ts"
import { median, type Print, round } from "./measure.ts"
import { rankSum, SUSPICIOUS } from "./ranks.ts"

const NAMES = 20
const steps = ["parameters", "start", "finish", "recovery-start", "recovery-finish"] as const
type Step = (typeof steps)[number]
type Times = Record<Step, number[]>

export async function signInTiming(print: Print, quick: boolean): Promise<void> {
  await ready
  const data = mkdtempSync(join(tmpdir(), "teahouse-timing-"))
  const house = await openTestHouse({ data, logLevel: "silent", stretching: cheap })
  // Of one length, and each asked for as often as the others.
  const names = Array.from({ length: NAMES }, (_, i) => `name-${String(i + 10)}`)
  for (const name of names) await register(house, `here-${name}`)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string, body: object) => timed(agent, `${house.url}/api${path}`, body)

  async function signIn(username: string, times: Times) {
    const parameters = await ask("/login/parameters", { username })
    const request = client.startLogin({ password: "a wrong one" }).startLoginRequest
    const start = await ask("/login/start", { username, request })
    const finish = randomBytes(64).toString("base64url")
    const finished = await ask("/login/finish", { login: start.answer.login, finish })
    const recovery = await ask("/recovery/start", { username })
    const signature = randomBytes(64).toString("base64url")
    const { challenge } = recovery.answer
    const recovered = await ask("/recovery/finish", { challenge, signature })
    for (const [i, { us }] of [parameters, start, finished, recovery, recovered].entries())
      times[steps[i] as Step].push(us)
  }

  const empty = (): Times => ({
    parameters: [],
    start: [],
    finish: [],
    "recovery-start": [],
    "recovery-finish": [],
  })
  const [here, nobody] = [empty(), empty()]
  const samples = quick ? 300 : 2500
  for (let i = -200; i < samples; i++) {
    const name = names[randomInt(NAMES)]
    // What runs before everything is compiled does not count.
    const into = i < 0 ? [empty(), empty()] : [here, nobody]
    const pair = [
      () => signIn(`here-${name}`, into[0] as Times),
      () => signIn(`none-${name}`, into[1] as Times),
    ]
    for (const one of randomInt(2) ? pair : pair.reverse()) await one()
  }
  for (const step of steps) {
    const { z } = rankSum(here[step], nobody[step])
    print({
      ...{ bench: "sign-in-timing", case: step, server: "teahouse", samples },
      ...{ p50Us: round(median(here[step])), differenceUs: round(median(here[step]) - median(nobody[step])) },
      ...{ z: round(z), tells: Math.abs(z) > SUSPICIOUS },
    })
  }
  agent.destroy()
  await house.stop()
  rmSync(data, { recursive: true, force: true })
}

function timed(
  agent: Agent,
  url: string,
  body: object,
): Promise<{ us: number; answer: Record<string, string> }> {
  const text = JSON.stringify(body)
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint()
    const sent = send(url, { method: "POST", agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on("data", (part: Buffer) => parts.push(part))
      response.on("end", () => {
        const us = Number(process.hrtime.bigint() - began) / 1000
        resolve({ us, answer: JSON.parse(Buffer.concat(parts).toString()) })
      })
    })
    sent.on("error", reject)
    sent.end(text)
  })
}
