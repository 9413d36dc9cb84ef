import type { Mention } from "@teahouse/client/view/port/messages.ts"
import { createContext, memo, useContext } from "react"
import { cutMentions, hideMentions, type Mentioned, showMentions } from "../../text/mentioned.ts"
import { type Block, type Inline, isFewEmoji, parseText } from "../../text/rich.ts"
import { useActing } from "./acting.ts"

type Props = {
  readonly text: string
  readonly mentions?: readonly Mention[]
  /** Width to leave free at the end of the last line, for time and state. */
  readonly tail?: string
}

/** The mentions of the text that is being drawn. */
const MentionsContext = createContext<readonly Mentioned[]>([])
const none: readonly Mention[] = []

/** React nodes only: nothing a person writes ever becomes markup. */
export const RichText = memo(function RichText({ text, mentions = none, tail }: Props) {
  const below = tail === undefined ? null : <span className="block h-3.5" />
  if (isFewEmoji(text))
    return (
      <>
        <span className="block text-4xl leading-tight">{text}</span>
        {below}
      </>
    )
  const hidden = hideMentions(text, mentions)
  const blocks = parseText(hidden.text)
  return (
    <MentionsContext value={hidden.found}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one immutable text never move
        <BlockOf key={index} block={block} tail={index === blocks.length - 1 ? tail : undefined} />
      ))}
      {blocks.at(-1)?.type !== "text" && below}
    </MentionsContext>
  )
})

function BlockOf({ block, tail }: { readonly block: Block; readonly tail: string | undefined }) {
  const found = useContext(MentionsContext)
  if (block.type === "code")
    return (
      <pre className="my-1 max-w-full whitespace-pre-wrap rounded-lg bg-ink/8 px-3 py-2 font-mono text-sm">
        <code>{showMentions(block.text, found)}</code>
      </pre>
    )
  if (block.type === "quote")
    return (
      <blockquote className="my-0.5 whitespace-pre-wrap border-s-3 border-accent/60 ps-2.5 opacity-90">
        <Parts parts={block.parts} />
      </blockquote>
    )
  return (
    <span className="block whitespace-pre-wrap">
      <Parts parts={block.parts} />
      {tail !== undefined && <span className="inline-block h-2 max-w-full" style={{ width: tail }} />}
    </span>
  )
}

function Parts({ parts }: { readonly parts: readonly Inline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one immutable text never move
  return parts.map((part, index) => <Part key={index} part={part} />)
}

function Part({ part }: { readonly part: Inline }) {
  const found = useContext(MentionsContext)
  switch (part.type) {
    case "text":
      return cutMentions(part.text, found).map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one immutable text never move
        typeof piece === "string" ? piece : <MentionOf key={index} mention={piece} />,
      )
    case "link":
      return (
        <a
          href={part.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="break-all text-accent-strong underline underline-offset-2"
        >
          {part.text}
        </a>
      )
    case "code":
      return (
        <code className="rounded bg-ink/8 px-1 py-0.5 font-mono text-[0.9em]">
          {showMentions(part.text, found)}
        </code>
      )
    case "bold":
      return (
        <strong>
          <Parts parts={part.parts} />
        </strong>
      )
    case "italic":
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      )
    case "strike":
      return (
        <s>
          <Parts parts={part.parts} />
        </s>
      )
  }
}

/** Oneself and everybody stand out; others are marked quietly. */
function MentionOf({ mention }: { readonly mention: Mentioned }) {
  const { me } = useActing()
  const loud = mention.user === me || mention.user === "all"
  return (
    <span
      data-mention={mention.user}
      className={
        loud ? "rounded bg-amber-wash px-0.5 font-medium text-amber" : "font-medium text-accent-strong"
      }
    >
      {mention.text}
    </span>
  )
}
