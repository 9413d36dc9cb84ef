/** How a bot registers, and how somebody asks to be friends, as clients do it. */
import { client } from "@serenity-kit/opaque"
import { add, commit, groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { readMessage } from "@teahouse/judge/message.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { concat } from "@teahouse/protocol/bytes.ts"
import { certificateToSign, encodeCertificateContent } from "@teahouse/protocol/certificate.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { directPolicy } from "@teahouse/protocol/policy.ts"
import {
  cheap,
  finishRequest,
  idOf,
  makeDevice,
  newPerson,
  random,
  type Speaker,
  type TestPerson,
} from "../http/house.fixture.ts"

export async function registerBot(house: Speaker, owner: TestPerson, name: string): Promise<TestPerson> {
  const { token: bot } = (await house.call("makeBotToken", { token: owner.token, request: {} })).value
  const person = await newPerson(name)
  const { device, signatureKey, signKey } = await makeDevice(person)
  const about = { house: await idOf(house), user: person.user, device, uik: person.uik }
  const content = encodeCertificateContent({ kind: "bot", ...about, generation: 1, username: name })
  const signed = await (await suite()).signature.sign(
    person.uikPrivate,
    certificateToSign(content, signatureKey),
  )
  const own = { ...person, ...about, n: 1, signatureKey, signKey, certificate: concat(content, signed) }

  const password = `${name} likes oolong`
  const start = client.startRegistration({ password })
  const asked = { username: name, user: person.user, request: start.registrationRequest, bot }
  const begun = await house.call("registerStart", { request: asked })
  const { registrationRecord } = client.finishRegistration({
    password,
    clientRegistrationState: start.clientRegistrationState,
    registrationResponse: begun.value.response,
    identifiers: { client: person.user },
    keyStretching: { "argon2id-custom": cheap },
  })
  const request = { ...finishRequest(name, person, own, registrationRecord), bot }
  const { session } = (await house.call("registerFinish", { request })).value
  return { name, password, person, device: own, session, token: session.token }
}

/** A request from one to the other, up to what is posted. */
export async function newRequest(house: Speaker, from: TestPerson, to: { name: string; user: Id }) {
  const found = await house.call("findUser", { token: from.token, request: { username: to.name } })
  const room = newId(random)
  const view = await openRoom(from.device, room, directPolicy(from.person.user, to.user))
  const adds = (found.value?.packages ?? []).map(({ keyPackage }) => {
    const message = readMessage(keyPackage, "mls_key_package")
    if (!message) throw new Error("not a key package")
    return add({ publicPackage: message.keyPackage } as Parameters<typeof add>[0])
  })
  const made = await commit(view.mls, adds)
  const { welcome, groupInfo } = made
  const first = { n: 2, commit: made.commit, groupInfo, ...(welcome ? { welcome } : {}) }
  return { to: to.user, room: { room, n: 1, opening: await groupInfoOf(view.mls), first }, lines: [] }
}

export async function requestFor(house: Speaker, from: TestPerson, to: TestPerson) {
  const request = await newRequest(house, from, { name: to.name, user: to.person.user })
  const sent = await house.call("sendRequest", { token: from.token, request })
  if (sent.status !== 200) throw new Error(`not asked: ${JSON.stringify(sent.refusal)}`)
  return { request: sent.value.request, room: sent.value.room }
}
