/** UX 29: the page that a join link opens. Name, picture, who invites and how many are in it; then one button. */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { LinkLook } from "@teahouse/client/view/port/rooms.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useEffect, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import { useAction } from "../../ui/use-action.ts"
import { Portrait } from "../group/group-avatar.tsx"
import { dropLink, keptLink } from "./kept-link.ts"

/** What may be otherwise in a moment; the rest is about the link itself. */
const passing: ReadonlySet<string> = new Set(["offline", "unavailable", "rate_limited", "internal", "busy"])

export function Join() {
  const text = useText()
  const command = useCommand()
  const { go } = useNavigation()
  const [link] = useState(keptLink)
  const [look, setLook] = useState<LinkLook>()
  const [refused, setRefused] = useState<CommandError>()
  const [attempt, setAttempt] = useState(1)
  const ask = useAction("askToJoin")
  const joining = useView("joining", undefined)?.rooms
  const mine = joining?.find((one) => one.link === link)
  // Nobody has the empty id: then it is absent.
  const chat = useView("room", { room: look?.room ?? ("" as Id) })
  const left = chat?.state === "here" && chat.closed === "removed"
  const here = look !== undefined && chat?.state === "here" && !left
  const inside = look !== undefined && !left && (look.member || here)
  const [began, setBegan] = useState(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt looks anew
  useEffect(() => {
    if (link === undefined) return go({ page: "chats" }, "replace")
    let gone = false
    setRefused(undefined)
    command("lookAtLink", { link }).then((answer) => {
      if (gone) return
      if (answer.ok) setLook(answer.value)
      else setRefused(answer.error)
    })
    return () => {
      gone = true
    }
  }, [link, command, go, attempt])

  const leave = () => {
    // Why it will not come about has been read.
    if (mine?.problem) void command("forgetJoining", { room: mine.room })
    dropLink()
    go({ page: "chats" }, "replace")
  }
  const room = look?.room
  const asked = began || mine !== undefined || look?.asked === "waiting"
  useEffect(() => {
    // Let in while this page was open.
    if (!asked || !here || !room) return
    dropLink()
    go({ page: "chats", room }, "replace")
  }, [asked, here, room, go])

  const problem = mine?.problem ? { kind: mine.problem } : (ask.error ?? refused)
  const sent = began && !ask.busy && !ask.error
  const waits = !inside && ((mine && !mine.problem) || sent || look?.asked === "waiting")
  return (
    <main className="safe-top safe-x safe-bottom flex h-full overflow-y-auto bg-paper">
      <div className="m-auto w-full max-w-104 p-4">
        <section
          aria-labelledby="join-title"
          className="flex flex-col items-center gap-3 rounded-2xl border border-line bg-surface p-6 text-center"
        >
          <h1 id="join-title" className="text-lg font-semibold">
            {text.joinTitle}
          </h1>
          {!look && !problem && <p role="status">{text.loading}</p>}
          {look && (
            <>
              <Portrait name={look.name} seed={look.room} size={80} src={look.picture} />
              <p className="text-lg font-medium wrap-anywhere">{look.name}</p>
              <p className="text-sm text-soft">{text.joinMembers(look.members)}</p>
              <p className="text-sm wrap-anywhere">{text.joinInvited(look.inviter)}</p>
              {look.approval && !waits && <p className="text-sm text-soft">{text.joinApproval}</p>}
            </>
          )}
          {waits && !problem && (
            <p role="status" className="rounded-xl bg-wash px-3 py-2 text-sm">
              {(mine?.approval ?? look?.approval) ? text.joinWaitingAdmin : text.joinWaiting}
            </p>
          )}
          <Fault error={problem} />
          <div className="mt-2 flex w-full flex-col gap-2">
            {look && !inside && !waits && (
              <Button
                look="primary"
                aria-disabled={ask.busy}
                onClick={() => {
                  if (link === undefined) return
                  setBegan(true)
                  void ask.run({ link })
                }}
              >
                {ask.busy ? text.working : text.join}
              </Button>
            )}
            {look && inside && (
              <Button
                look="primary"
                onClick={() => {
                  dropLink()
                  go({ page: "chats", room: look.room }, "replace")
                }}
              >
                {text.joinOpen}
              </Button>
            )}
            {!look && refused && passing.has(refused.kind) && (
              <Button look="primary" onClick={() => setAttempt(attempt + 1)}>
                {text.joinRetry}
              </Button>
            )}
            <Button onClick={leave}>{waits || problem ? text.chats : text.joinLater}</Button>
          </div>
        </section>
      </div>
    </main>
  )
}
