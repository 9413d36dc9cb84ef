/** The house is blind to the client core by itself: the same search where there is no browser. */
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cable, openCable } from "../cable.ts"
import { cheap, openPerson } from "../headless/person.ts"
import { type House, openHouse } from "../house.ts"
import { testBlindness } from "./blindness.ts"

const passwords = ["a-lantern-灯笼-in-the-rain", "forty two paper cranes"] as const
const wrongPassword = "it was something else"
const nickname = "渡口的阿兰"
const line = "上周在渡口听过你唱歌"
const texts = ["船五点开，带上那封信", "the letter is under the third stone", "🍵".repeat(40)] as const
const draft = "what I did not dare to say"
const words = [...passwords, wrongPassword, nickname, line, ...texts, draft]

describe("the house is blind without a browser too", () => {
  let house: House
  let cable: Cable

  beforeAll(async () => {
    const TEAHOUSE_STRETCHING = `${cheap.memory},${cheap.iterations},${cheap.parallelism}`
    house = await openHouse({ environment: { TEAHOUSE_LOG: "trace", TEAHOUSE_STRETCHING } })
    cable = await openCable(house.port, { record: true })
  })
  afterAll(async () => {
    await cable.close()
    await house.remove()
  })

  test("people register, name themselves, chat and mistype", async () => {
    const [lan, bo, phone] = [openPerson(cable.url), openPerson(cable.url), openPerson(cable.url)]
    await lan.must("createAccount", { username: "alan", password: passwords[0] })
    await bo.must("createAccount", { username: "abo", password: passwords[1] })
    for (const one of [lan, bo]) await one.must("confirmRecoveryCode", {})
    await lan.must("setSettings", { nickname })
    await lan.must("requestFriend", { username: "abo", line })
    const { incoming } = await bo.until("contacts", undefined, (value) => value.incoming[0]?.line === line)
    const { room } = await bo.must("acceptRequest", { id: incoming[0]?.id as never })
    await lan.chatWith("abo")
    await lan.say(room, texts[0])
    await bo.reads(room, [texts[0]])
    await bo.say(room, texts[1])
    await bo.say(room, texts[2])
    await lan.reads(room, texts)
    await lan.must("setDraft", { room, text: draft })
    expect(await phone.command("signIn", { username: "abo", password: wrongPassword })).toMatchObject({
      ok: false,
    })
    await phone.must("signIn", { username: "abo", password: passwords[1] })
    await phone.until("roomList", undefined, ({ rooms }) => rooms.some((one) => one.room === room))
    for (const one of [lan, bo, phone]) await one.client.stop()
    await house.stop()
  })

  testBlindness(() => ({ house, cable }), words, "alan")
})
