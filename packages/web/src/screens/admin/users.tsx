/** Who has an account here. What is done to one is asked for in a dialog that says what it means. */

import { sizeText } from "@teahouse/client/words/size.ts"
import { rowTime } from "@teahouse/client/words/time.ts"
import type { AdminUser } from "@teahouse/protocol/http/admin.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { useCallback, useState } from "react"
import { Avatar } from "../../ui/avatar.tsx"
import { Button } from "../../ui/button.tsx"
import { SearchField } from "../../ui/search-field.tsx"
import { useTimeStyle } from "../../ui/use-time-style.ts"
import { useAsk, usePages } from "./ask.ts"
import { ManageUser } from "./manage-user.tsx"
import { More } from "./more.tsx"
import { useAdminText } from "./text.ts"

export function Users() {
  const text = useAdminText()
  const ask = useAsk()
  const [search, setSearch] = useState("")
  const [usual, setUsual] = useState(0)
  const [managing, setManaging] = useState<Id>()
  const read = useCallback(
    async (shown: readonly AdminUser[]) => {
      const after = shown.at(-1)?.username
      const request = { ...(search && { search }), ...(after !== undefined && { after }) }
      const answer = await ask("adminUsers", { request })
      if (!answer.ok) return answer
      setUsual(answer.value.quota)
      return { ok: true as const, value: { rows: answer.value.users, more: answer.value.more } }
    },
    [ask, search],
  )
  const pages = usePages(read)
  const managed = pages.rows?.find((one) => one.user === managing)
  return (
    <div className="flex flex-col gap-3">
      <SearchField name={text.searchUsers} onQuery={setSearch} className="max-w-sm" />
      {pages.rows?.length === 0 && <p className="text-soft">{text.noUsers}</p>}
      {pages.rows && pages.rows.length > 0 && (
        <ul
          aria-label={text.users}
          className="divide-y divide-line rounded-2xl border border-line bg-surface px-4"
        >
          {pages.rows.map((user) => (
            <UserRow key={user.user} user={user} usual={usual} onManage={() => setManaging(user.user)} />
          ))}
        </ul>
      )}
      <More pages={pages} />
      {managed && (
        <ManageUser
          key={managed.user}
          user={managed}
          usual={usual}
          onChanged={pages.again}
          onClose={() => setManaging(undefined)}
        />
      )}
    </div>
  )
}

type RowProps = { readonly user: AdminUser; readonly usual: number; readonly onManage: () => void }

function UserRow({ user, usual, onManage }: RowProps) {
  const text = useAdminText()
  const style = useTimeStyle()
  const facts = [
    text.deviceCount(user.devices),
    user.seen > 0 ? text.lastHere(rowTime(user.seen, Date.now(), style)) : text.neverHere,
    text.filesOfQuota(sizeText(user.files), sizeText(user.quota ?? usual)),
  ]
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
      <Avatar name={user.username} seed={user.user} size={36} />
      <div className="min-w-0 flex-[1_1_9rem]">
        <p className="flex flex-wrap items-center gap-x-2">
          <bdi className="min-w-0 wrap-anywhere">{user.username}</bdi>
          {user.admin && <Mark>{text.administrator}</Mark>}
          {user.disabled > 0 && <Mark look="bad">{text.disabled}</Mark>}
          {user.mustRecover && <Mark look="wait">{text.mustRecover}</Mark>}
        </p>
        <p className="text-sm text-soft">{facts.join(" · ")}</p>
      </div>
      <Button look="quiet" aria-label={text.manageOf(user.username)} onClick={onManage}>
        {text.manage}
      </Button>
    </li>
  )
}

const marks = {
  good: "bg-wash text-accent",
  bad: "bg-danger-wash text-danger",
  wait: "bg-amber-wash text-amber",
} as const

export function Mark({
  look = "good",
  children,
}: {
  readonly look?: keyof typeof marks
  readonly children: string
}) {
  return <span className={`inline-block rounded-full px-2 py-0.5 text-sm ${marks[look]}`}>{children}</span>
}
