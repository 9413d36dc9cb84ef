import type { Text } from "../../text/en.ts"

/** The chat with oneself has no name of its own but ours. */
export const titleOf = (
  chat: { readonly kind: "direct" | "group" | "self"; readonly title: string },
  text: Text,
): string => (chat.kind === "self" ? text.selfChat : chat.title)
