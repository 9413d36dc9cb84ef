/** The real house, with its rates raised: the limiter stays on, so that its cost is measured too. */
import { startHouse } from "@teahouse/server/main.ts"
import { announce } from "./server.ts"

const many = 10_000_000
const house = await startHouse({
  port: 0,
  data: process.argv[2] as string,
  stretching: { memory: 8, iterations: 1, parallelism: 1 },
  logLevel: "error",
  logTo: process.stderr,
  limits: {
    sendsPerSecond: many,
    sendBurst: many,
    signInsPerMinuteAddress: many,
    signInsPerMinuteAccount: many,
    requestsPerSecondAddress: many,
    requestBurstAddress: many,
    connectionsPerAddress: many,
    heavyPerMinute: many,
    heavyBurst: many,
    claimsPerMinute: many,
    claimBurst: many,
    roomsPerDay: many,
    commitIntervalMs: 1,
    commitBurst: 1_000,
    commitQuietMs: 1,
    commitQuietPerLeafMs: 0,
  },
})
announce(house.port)
