import { expect, it } from "vitest"
import { defaultConfiguration } from "../config.ts"
import { reload } from "./reload.ts"

const live = () => ({
  configuration: defaultConfiguration,
  limits: { ...defaultConfiguration.limits },
  log: { level: "info" },
})

it("takes over what is looked at when somebody asks, and names what waits for a restart, without its value", () => {
  const house = live()
  const limits = { ...defaultConfiguration.limits, userFileBytes: 5, sendsPerSecond: 7 }
  const database = "mysql://me:secret@db/tea"
  const next = { ...defaultConfiguration, limits, logLevel: "debug", database, backupKey: "x" }
  const told = reload(house, next)
  expect(told).toEqual({
    changed: ["logLevel", "userFileBytes"],
    later: ["sendsPerSecond", "database", "backupKey"],
  })
  expect(house.log.level).toBe("debug")
  expect(house.limits).toEqual({ ...defaultConfiguration.limits, userFileBytes: 5 })
  expect(JSON.stringify(told)).not.toContain("secret")
})

it("says nothing where nothing is otherwise, and that something was taken out", () => {
  const house = { ...live(), configuration: { ...defaultConfiguration, nats: "nats://n" } }
  expect(reload(live(), defaultConfiguration)).toEqual({ changed: [], later: [] })
  expect(reload(house, defaultConfiguration)).toEqual({ changed: [], later: ["nats"] })
})
