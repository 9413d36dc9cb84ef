/** What every command does with the client: opens the profile, waits for what has to come, asks, and lets it go. */
import type {
  CommandArgs,
  CommandName,
  CommandValue,
  ViewArgs,
  ViewName,
  ViewValue,
} from "@teahouse/client/view/port.ts"
import type { Damage } from "../profile/damage-note.ts"
import { type NoProfile, openProfile, type Profile } from "../profile/open-profile.ts"
import { EXIT } from "../say/exit.ts"
import { damagedSentence, exitOf, sentenceOf } from "../say/sentences.ts"
import { refused, Stop } from "./stop.ts"

/** How long a command waits for the house where nobody says otherwise, s. */
export const PATIENCE_S = 30

export type Here = ReturnType<typeof speakTo>

export const damagedStop = (damage: Damage | undefined): Stop =>
  damage
    ? new Stop(EXIT.damaged, damagedSentence(damage))
    : new Stop(exitOf("store_damaged"), sentenceOf("store_damaged"))

export function speakTo({ client, damaged }: Pick<Profile, "client" | "damaged">, patienceMs: number) {
  /** The first snapshot for which `holds`; undefined where it does not come in time. */
  const until = <V extends ViewName>(
    view: V,
    args: ViewArgs<V>,
    holds: (value: ViewValue<V>) => boolean,
    ms = patienceMs,
  ): Promise<ViewValue<V> | undefined> =>
    new Promise((done) => {
      let stop = () => {}
      const end = (value: ViewValue<V> | undefined) => {
        clearTimeout(timer)
        // The first value may come before `subscribe` has returned.
        setTimeout(() => stop())
        done(value)
      }
      const timer = setTimeout(() => end(undefined), ms)
      stop = client.subscribe(view, args, (value) => {
        if (holds(value)) end(value)
      })
    })
  const must = async <C extends CommandName>(name: C, args: CommandArgs<C>): Promise<CommandValue<C>> => {
    const answer = await client.command(name, args)
    if (!answer.ok) throw refused(answer.error)
    return answer.value
  }
  return {
    client,
    until,
    must,
    async signedIn() {
      // Opening what is here asks nobody, and is waited for however little patience there is for the house.
      const isOpen = ({ state }: ViewValue<"session">) => state !== "starting"
      const session = await until("session", undefined, isOpen, PATIENCE_S * 1_000)
      if (session?.state === "signed_in") return session
      const isDamaged = session?.state === "signed_out" && session.reason === "store_damaged"
      if (isDamaged || damaged()) throw damagedStop(damaged())
      throw refused({ kind: "signed_out" })
    },
    async connected(): Promise<void> {
      const there = await until("connection", undefined, ({ state }) => state === "connected")
      if (!there) throw refused({ kind: "offline" })
    },
    /** Until nothing new has come for a moment, and what the house keeps of the past is here. */
    async caughtUp(quietMs = 400): Promise<void> {
      await until("safekeeping", undefined, ({ restoring }) => restoring === undefined)
      await new Promise<void>((done) => {
        let timer = setTimeout(end, quietMs)
        const stops = (["roomList", "contacts"] as const).map((view) =>
          client.subscribe(view, undefined, () => {
            clearTimeout(timer)
            timer = setTimeout(end, quietMs)
          }),
        )
        const last = setTimeout(end, patienceMs)
        function end() {
          clearTimeout(timer)
          clearTimeout(last)
          setTimeout(() => {
            for (const stop of stops) stop()
          })
          done()
        }
      })
    },
    /** What this command has said or learnt goes to the house's safekeeping, if that is soon. */
    async keepSafe(ms = 3_000): Promise<void> {
      await until("safekeeping", undefined, ({ unsafe }) => unsafe === 0, ms)
    },
  }
}

export type Opening = {
  readonly dataHome: string
  readonly profile: string
  readonly server?: string | undefined
  readonly patienceMs?: number | undefined
}

/** Runs with the profile open, and lets it go whatever happens. */
export async function withProfile<T>(
  opening: Opening,
  run: (here: Here, profile: Profile) => Promise<T>,
): Promise<T> {
  const opened = await openProfile({
    ...{ dataHome: opening.dataHome, profile: opening.profile, server: opening.server },
    // A command ends soon: what it changes in the history is kept at once.
    parts: { safekeeping: { quietMs: 50, longestMs: 500 }, trusted: true },
  })
  if (!opened.ok) throw stopOf(opened.error, opening.profile)
  const profile = opened.value
  const here = speakTo(profile, opening.patienceMs ?? PATIENCE_S * 1_000)
  try {
    return await Promise.race([run(here, profile), storeBreaks(profile)])
  } finally {
    await profile.close()
  }
}

/** Rejects when the store of whoever is in is found damaged: what a command waits for would not come any more. */
function storeBreaks({ client, damaged }: Profile): Promise<never> {
  return new Promise((_, failed) => {
    let wasIn = false
    client.subscribe("session", undefined, (session) => {
      if (session.state === "signed_in") wasIn = true
      if (wasIn && session.state === "signed_out" && session.reason === "store_damaged")
        failed(damagedStop(damaged()))
    })
  })
}

export function stopOf(error: NoProfile, name: string): Stop {
  switch (error.kind) {
    case "bad_profile_name":
      return new Stop(EXIT.usage, {
        zh: "配置名只能用字母、数字、- 和 _，最多 32 个字符。",
        en: "A profile's name has letters, digits, - and _, at most 32 of them.",
      })
    case "no_profile":
      return new Stop(EXIT.notFound, {
        zh: `没有配置“${name}”。请先执行 teahouse account create 或 teahouse account login，并用 --server 指定服务器。`,
        en: `There is no profile “${name}”. Use teahouse account create or teahouse account login with --server first.`,
      })
    case "bad_server":
      return new Stop(EXIT.usage, {
        zh: "--server 须为 http 或 https 地址。",
        en: "--server has to be an http or https address.",
      })
    case "other_server":
      return new Stop(EXIT.usage, {
        zh: `配置“${name}”属于 ${error.server}。请用另一个 --profile。`,
        en: `The profile “${name}” belongs to ${error.server}. Use another --profile.`,
      })
    case "lost_server":
      return new Stop(EXIT.damaged, {
        zh: `配置“${name}”的文件 profile.json 已损坏，不知道它属于哪个服务器；其余内容都还在。请再指定一次服务器：teahouse chat 地址，或 teahouse account login --server 地址（机器人设置 TEAHOUSE_SERVER）。`,
        en: `The file profile.json of the profile “${name}” is damaged, so which house it belongs to is not known; all else is there. Name the house once more: teahouse chat URL, or teahouse account login --server URL (for a bot TEAHOUSE_SERVER).`,
      })
    case "not_its_server":
      return new Stop(EXIT.damaged, {
        zh: `配置“${name}”不属于 ${error.server}。它的文件 profile.json 已损坏，请指定它原来的服务器，或用另一个 --profile。什么都没有改变。`,
        en: `The profile “${name}” does not belong to ${error.server}. Its file profile.json is damaged: name the house that it was made for, or use another --profile. Nothing was changed.`,
      })
    case "profile_in_use":
      return new Stop(EXIT.inUse, {
        zh: `配置“${name}”正被另一个程序使用。`,
        en: `Another process has the profile “${name}” open.`,
      })
  }
}
