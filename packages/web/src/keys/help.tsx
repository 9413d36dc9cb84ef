import { useText } from "../text/use-text.ts"
import { Dialog } from "../ui/dialog.tsx"
import { keysOf, shortcuts } from "./shortcuts.ts"

const mac = () => /Mac|iPhone|iPad/.test(navigator.platform)

export function Help({ onClose }: { readonly onClose: () => void }) {
  const text = useText()
  return (
    <Dialog title={text.keyHelp} onClose={onClose}>
      <dl className="flex flex-col divide-y divide-line">
        {shortcuts.map((each) => (
          <div key={each.action} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
            <dt>{text[each.says] as string}</dt>
            <dd className="flex gap-1">
              {keysOf(each, mac()).map((key) => (
                <kbd key={key} className="rounded-md border border-edge bg-sunken px-1.5 font-mono text-sm">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
