/** A bowl of tea that is also a speech bubble. Drawn for this project. */
export function Logo({ size = 48, className = "" }: { readonly size?: number; readonly className?: string }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true" className={className}>
      <g
        className="animate-[steam_4s_ease-in-out_infinite]"
        fill="none"
        stroke="var(--edge)"
        strokeWidth="2.6"
        strokeLinecap="round"
      >
        <path d="M24 8c-3.4 3.2 3.4 5.6 0 9.4" />
        <path d="M32.5 6c-3.4 3.4 3.4 6.4 0 10.6" />
        <path d="M41 8c-3.4 3.2 3.4 5.6 0 9.4" />
      </g>
      <path
        d="M10 24h44c0 14-8 24-17.5 26h-7.5c-2 3.4-5.8 5.8-10.8 6.2 1.9-2.3 2.7-5 2.5-8C14.5 44.5 10 35.5 10 24z"
        fill="var(--accent)"
      />
      <path
        d="M21.5 34h21M24.5 41h12"
        stroke="var(--on-accent)"
        strokeWidth="3"
        strokeLinecap="round"
        opacity=".85"
      />
    </svg>
  )
}
