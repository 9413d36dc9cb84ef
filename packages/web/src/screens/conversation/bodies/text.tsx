import type { MessageItem } from "@teahouse/client/view/port/messages.ts"
import { RichText } from "../rich-text.tsx"

/** Words alone. `tail` is the width to leave free at the end of the last line. */
export const TextBody = ({ item, tail }: { readonly item: MessageItem; readonly tail: string }) => (
  <RichText text={item.text} mentions={item.mentions} tail={tail} />
)
