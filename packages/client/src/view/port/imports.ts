/** What another program's export held (client/src/import). */
import type { Id } from "@teahouse/protocol/ids.ts"

export type ImportCommands = {
  /**
   * Lines of an export as one bundle, into one's chat with oneself; `not_allowed` elsewhere: what others have said in another program is
   * not to be sent to anybody by an import.
   */
  importLines: {
    args: {
      room: Id
      title: string
      lines: readonly { readonly name: string; readonly at: number; readonly text: string }[]
    }
    value: { readonly key: string }
  }
}
