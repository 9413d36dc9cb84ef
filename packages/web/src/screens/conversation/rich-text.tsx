import { memo } from "react"
import { type Inline, isFewEmoji, parseText } from "../../text/rich.ts"

/** React nodes only: nothing a person writes ever becomes markup. */
export const RichText = memo(function RichText({ text }: { readonly text: string }) {
  if (isFewEmoji(text)) return <span className="block text-4xl leading-tight">{text}</span>
  return parseText(text).map((block, index) => {
    // Blocks of one immutable text never move.
    const key = index
    if (block.type === "code")
      return (
        <pre
          key={key}
          className="my-1 max-w-full overflow-x-auto rounded-lg bg-ink/8 px-3 py-2 font-mono text-sm"
        >
          <code>{block.text}</code>
        </pre>
      )
    if (block.type === "quote")
      return (
        <blockquote
          key={key}
          className="my-0.5 whitespace-pre-wrap border-s-3 border-accent/60 ps-2.5 opacity-90"
        >
          <Parts parts={block.parts} />
        </blockquote>
      )
    return (
      <span key={key} className="block whitespace-pre-wrap">
        <Parts parts={block.parts} />
      </span>
    )
  })
})

function Parts({ parts }: { readonly parts: readonly Inline[] }) {
  // Parts of one immutable text never move.
  return parts.map((part, index) => <Part key={`${index}`} part={part} />)
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
