/** Administration: five parts, each with an address. What it may not show it cannot ask for (http/admin.ts). */
import { Link } from "../../route/link.tsx"
import { type AdminPart, adminParts } from "../../route/route.ts"
import { useNavigation } from "../../route/use-route.ts"
import { useText } from "../../text/use-text.ts"
import { IconButton } from "../../ui/button.tsx"
import { BackIcon } from "../../ui/icons.tsx"
import { Audit } from "./audit.tsx"
import { Invites } from "./invites.tsx"
import { Overview } from "./overview.tsx"
import { Rooms } from "./rooms.tsx"
import { useAdminText } from "./text.ts"
import { Users } from "./users.tsx"

const parts = { overview: Overview, users: Users, invites: Invites, rooms: Rooms, audit: Audit }

export function Admin({ part }: { readonly part: AdminPart }) {
  const { administration, back } = useText()
  const text = useAdminText()
  const { up } = useNavigation()
  const Part = parts[part]
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-paper">
      <div className="mx-auto max-w-5xl px-4 pb-8">
        <header className="flex min-h-16 items-center gap-1">
          <IconButton name={back} onClick={up} className="-ms-2">
            <BackIcon />
          </IconButton>
          <h1 className="min-w-0 flex-1 truncate text-xl font-semibold tracking-tight">{administration}</h1>
        </header>
        <nav aria-label={text.parts} className="mb-4 flex flex-wrap gap-1 border-b border-line pb-2">
          {adminParts.map((one) => (
            <Link
              key={one}
              to={{ page: "admin", part: one }}
              aria-current={one === part ? "page" : undefined}
              className="inline-flex min-h-11 items-center rounded-xl px-3 text-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-wash aria-[current=page]:font-medium aria-[current=page]:text-accent"
            >
              {text[one]}
            </Link>
          ))}
        </nav>
        <Part />
      </div>
    </div>
  )
}
