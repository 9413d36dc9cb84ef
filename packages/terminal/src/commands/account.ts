/** `teahouse account create|login|logout`: an account in a profile. The password comes on the input, never as an argument. */
import { EXIT } from "../say/exit.ts"
import { damagedSentence, wasDamagedSentence } from "../say/sentences.ts"
import { PATIENCE_S, withProfile } from "./account-here.ts"
import type { Command } from "./command.ts"
import { readFlags } from "./flags.ts"
import { Stop, usage } from "./stop.ts"

export const account: Command = async ({ args, dataHome, output, readLine }) => {
  const [what, ...rest] = args
  if (what !== "create" && what !== "login" && what !== "logout")
    throw usage(
      "用法：teahouse account create|login --server 地址 --user 名字 --profile 配置 --password-stdin；teahouse account logout --profile 配置",
      "Use: teahouse account create|login --server URL --user NAME --profile P --password-stdin; teahouse account logout --profile P",
    )
  const flags = readFlags(rest, {
    server: "string",
    user: "string",
    profile: "string",
    invite: "string",
    timeout: "string",
    "password-stdin": "boolean",
  })
  const patienceMs = flags.seconds("timeout", PATIENCE_S) * 1_000
  const opening = { dataHome, profile: flags.need("profile"), server: flags.text("server"), patienceMs }
  if (what === "logout")
    return withProfile(opening, async ({ signedIn, must }) => {
      const { username } = await signedIn()
      await must("signOut", { forget: false })
      await output.line({ user: username, signedOut: true })
    })
  const username = flags.need("user")
  if (!flags.on("password-stdin"))
    throw usage(
      "密码从标准输入读取：请加 --password-stdin。",
      "The password is read from the input: add --password-stdin.",
    )
  const password = await readLine()
  if (password === "")
    throw new Stop(EXIT.usage, { zh: "标准输入中没有密码。", en: "There is no password on the input." })
  await withProfile(opening, async ({ until, must, connected, caughtUp, keepSafe }, profile) => {
    const { name, server } = profile
    const session = await until("session", undefined, ({ state }) => state !== "starting")
    const damage = profile.damaged()
    if (damage) output.say(damagedSentence(damage))
    if (session?.state === "signed_in")
      throw new Stop(EXIT.inUse, {
        zh: `配置“${name}”已登录 ${session.username}。`,
        en: `The profile “${name}” is signed in as ${session.username} already.`,
      })
    // What is found from here on, no one has been told.
    const known = profile.found().length
    const head = { user: username, server, profile: name }
    if (what === "create") {
      const invite = flags.text("invite")
      const made = { username, password, ...(invite === undefined ? {} : { invite }) }
      const { recoveryCode } = await must("createAccount", made)
      // Only what has been read can be kept: where nobody reads, the code is shown again at the next sign-in.
      await output.line({ ...head, recoveryCode })
      await must("confirmRecoveryCode", {})
      await connected()
      await keepSafe()
      return
    }
    await must("signIn", { username, password })
    for (const one of profile.found().slice(known)) output.say(wasDamagedSentence(one))
    const after = await until("session", undefined, ({ state }) => state !== "starting")
    if (after?.state === "unconfirmed") {
      await output.line({ ...head, recoveryCode: after.recoveryCode })
      await must("confirmRecoveryCode", {})
    } else await output.line(head)
    await connected()
    await caughtUp()
  })
}
