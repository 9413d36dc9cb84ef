import type { ComponentProps } from "react"

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong font-medium",
  plain: "bg-sunken text-ink hover:bg-line",
  danger: "bg-danger-wash text-danger hover:brightness-95 font-medium",
  quiet: "text-accent hover:bg-wash",
} as const

/** A button in a line of words. */
export const inLine =
  "min-h-8 rounded-lg px-2 font-medium text-accent underline underline-offset-4 hover:bg-sunken pointer-coarse:min-h-11"

type Props = ComponentProps<"button"> & { readonly look?: keyof typeof looks }

export function Button({ look = "plain", className = "", type = "button", ...more }: Props) {
  return (
    <button
      type={type}
      className={`button inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 py-2 transition-colors disabled:opacity-60 ${looks[look]} ${className}`}
      {...more}
    />
  )
}

/** A picture alone; its name is for those who do not see it and for the pointer that rests. */
export function IconButton({
  name,
  children,
  className = "",
  ...more
}: ComponentProps<"button"> & { readonly name: string }) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      className={`inline-flex size-[44px] shrink-0 items-center justify-center rounded-xl text-soft transition-colors hover:bg-sunken hover:text-ink ${className}`}
      {...more}
    >
      {children}
    </button>
  )
}
