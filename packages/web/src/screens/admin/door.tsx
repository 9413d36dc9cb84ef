/** The way to administration, for whom the house says that they have it. Everybody else sees nothing. */
import { useEffect, useState } from "react"
import { Link } from "../../route/link.tsx"
import { useText } from "../../text/use-text.ts"
import { Card } from "../settings/card.tsx"
import { useAsk } from "./ask.ts"
import { useAdminText } from "./text.ts"

export function AdminDoor() {
  const { administration } = useText()
  const text = useAdminText()
  const ask = useAsk()
  const [admin, setAdmin] = useState(false)
  useEffect(() => {
    let gone = false
    void ask("amAdmin", {}).then((answer) => {
      if (!gone && answer.ok) setAdmin(answer.value.admin)
    })
    return () => {
      gone = true
    }
  }, [ask])
  if (!admin) return null
  return (
    <Card title={administration}>
      <p className="mb-3 text-sm text-soft">{text.doorWhy}</p>
      <Link
        to={{ page: "admin", part: "overview" }}
        className="button inline-flex min-h-11 items-center rounded-xl bg-sunken px-4 py-2 text-ink hover:bg-line"
      >
        {text.open}
      </Link>
    </Card>
  )
}
