/** The last net: a bug in a screen shows a sentence and a way on instead of an empty page. */
import { Component, type ReactNode } from "react"
import { useText } from "../text/use-text.ts"
import { Button } from "./button.tsx"

function Fallen() {
  const text = useText()
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 p-6 text-center">
      <h1 className="text-lg">{text.crashed}</h1>
      <Button look="primary" onClick={() => location.reload()}>
        {text.reload}
      </Button>
    </main>
  )
}

export class Catch extends Component<{ readonly children: ReactNode }, { readonly fallen: boolean }> {
  override state = { fallen: false }
  static getDerivedStateFromError() {
    return { fallen: true }
  }
  override render() {
    return this.state.fallen ? <Fallen /> : this.props.children
  }
}
