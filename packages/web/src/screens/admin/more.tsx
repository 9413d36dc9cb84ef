/** Under a list that came in part: why it did not come, or how to get the next part. */
import { Button } from "../../ui/button.tsx"
import { Fault } from "../../ui/fault.tsx"
import type { Pages } from "./ask.ts"
import { useAdminText } from "./text.ts"

export function More({
  pages,
}: {
  readonly pages: Pick<Pages<unknown>, "more" | "busy" | "error" | "next">
}) {
  const text = useAdminText()
  return (
    <>
      <Fault error={pages.error} />
      {pages.more && (
        <Button className="mt-3 self-center" aria-disabled={pages.busy} onClick={pages.next}>
          {text.more}
        </Button>
      )}
    </>
  )
}
