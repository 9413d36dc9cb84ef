import { memo } from "react"
import { type Block, type Inline, isFewEmoji, parseText } from "../../text/rich.ts"

type Props = {
  readonly text: string
  /** Width to leave free at the end of the last line, for time and state. */
  readonly tail: string
}

/** React nodes only: nothing a person writes ever becomes markup. */
export const RichText = memo(function RichText({ text, tail }: Props) {
  const below = <span className="block h-3.5" />
  if (isFewEmoji(text))
    return (
      <>
        <span className="block text-4xl leading-tight">{text}</span>
        {below}
      </>
    )
  const blocks = parseText(text)
  return (
    <>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one immutable text never move
        <BlockOf key={index} block={block} tail={index === blocks.length - 1 ? tail : undefined} />
      ))}
      {blocks.at(-1)?.type !== "text" && below}
    </>
  )
})

function BlockOf({ block, tail }: { readonly block: Block; readonly tail: string | undefined }) {
  if (block.type === "code")
    return (
      <pre className="my-1 max-w-full whitespace-pre-wrap rounded-lg bg-ink/8 px-3 py-2 font-mono text-sm">
        <code>{block.text}</code>
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
      {tail !== undefined && <span className="inline-block h-2" style={{ width: tail }} />}
    </span>
  )
}

function Parts({ parts }: { readonly parts: readonly Inline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one immutable text never move
  return parts.map((part, index) => <Part key={index} part={part} />)
}

function Part({ part }: { readonly part: Inline }) {
  switch (part.type) {
    case "text":
      return part.text
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
      return <code className="rounded bg-ink/8 px-1 py-0.5 font-mono text-[0.9em]">{part.text}</code>
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
