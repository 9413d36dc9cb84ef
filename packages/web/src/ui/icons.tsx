/** Line icons of our own, 24 × 24, always beside a text or inside a named button. */
import type { ReactNode } from "react"

type Props = { readonly size?: number; readonly className?: string }

export function Icon({ size = 22, className = "", children }: Props & { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
    >
      {children}
    </svg>
  )
}

export const ChatsIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M4 5.5h16v11h-8.5L7 20v-3.5H4z" />
  </Icon>
)
export const ContactsIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.5c.6-3.7 3.2-5.5 6.5-5.5s5.9 1.8 6.5 5.5M16 5.3a3.4 3.4 0 0 1 0 6.4M18 14.4c2 .7 3.2 2.4 3.5 5.1" />
  </Icon>
)
export const SettingsIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </Icon>
)
export const BackIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M14.5 5 7.5 12l7 7" />
  </Icon>
)
export const CloseIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
)
export const AddFriendIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="10" cy="8.5" r="3.5" />
    <path d="M3.5 19.5c.6-3.7 3.2-5.5 6.5-5.5 1.5 0 2.8.4 3.9 1.1M18 14v6M15 17h6" />
  </Icon>
)
export const GroupIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="12" cy="8" r="3" />
    <path d="M6.5 18.5c.5-3.2 2.7-4.8 5.5-4.8s5 1.6 5.5 4.8M5.2 6.2a2.5 2.5 0 0 0 0 4.6M18.8 6.2a2.5 2.5 0 0 1 0 4.6M2.5 16.5c.2-1.5.8-2.6 1.8-3.2M21.5 16.5c-.2-1.5-.8-2.6-1.8-3.2" />
  </Icon>
)
export const DetailsIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="5.5" cy="12" r=".9" fill="currentColor" />
    <circle cx="12" cy="12" r=".9" fill="currentColor" />
    <circle cx="18.5" cy="12" r=".9" fill="currentColor" />
  </Icon>
)
export const SendIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M5 12 3.5 4.5 20.5 12l-17 7.5zM5 12h8" />
  </Icon>
)
export const DownIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m6 9.5 6 6 6-6" />
  </Icon>
)
export const UpIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m6 14.5 6-6 6 6" />
  </Icon>
)
export const ClockIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 7.5V12l3 2" />
  </Icon>
)
export const CheckIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
)
export const AlertIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5v5.5M12 16.4v.1" />
  </Icon>
)
export const ShieldIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6zM8.7 12l2.4 2.4 4.4-4.9" />
  </Icon>
)
export const LockIcon = (props: Props) => (
  <Icon {...props}>
    <rect x="5.5" y="10.5" width="13" height="9" rx="2" />
    <path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" />
  </Icon>
)
export const AttachIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m19.5 11-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8.2-8.2a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.5 1.5 0 0 1-2.2-2.2l7-7" />
  </Icon>
)
export const PlayIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />
  </Icon>
)
export const PauseIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M8.5 6v12M15.5 6v12" strokeWidth="2.6" />
  </Icon>
)
export const SaveIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M12 4v11M7 10.5l5 5 5-5M5 19.5h14" />
  </Icon>
)
export const MicrophoneIcon = (props: Props) => (
  <Icon {...props}>
    <rect x="9" y="3.5" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </Icon>
)
export const RotateIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M19 12a7 7 0 1 1-2.5-5.4M17 3v4h-4" />
  </Icon>
)
export const PlusIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M12 5.5v13M5.5 12h13" />
  </Icon>
)
export const MinusIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M5.5 12h13" />
  </Icon>
)
export const TrashIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M5 7h14M10 7V4.5h4V7M6.5 7l1 12.5h9l1-12.5M10 10.5v5.5M14 10.5v5.5" />
  </Icon>
)
export const ForwardIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m9.5 5 7 7-7 7" />
  </Icon>
)
export const PinIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M9 4h6l-1 6 3.5 3.5h-11L10 10zM12 13.5V20" />
  </Icon>
)
export const MuteIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M6 17h12l-1.5-3V10A4.5 4.5 0 0 0 8 8.6M7.5 11.5V14L6 17M10 19.5h4M4 4l16 16" />
  </Icon>
)
export const MarkIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M19.5 11v5.5h-8L7 20v-3.5H4.5v-11H13" />
    <circle cx="18.5" cy="6" r="2.2" fill="currentColor" />
  </Icon>
)
export const HideIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M3 12s3.2-5.5 9-5.5 9 5.5 9 5.5-3.2 5.5-9 5.5S3 12 3 12zM5 5l14 14" />
  </Icon>
)
export const FileBoxIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M4 8.5h16v10H4zM4 8.5l2-3.5h12l2 3.5M12 11v4.5M9.8 13.5 12 15.7l2.2-2.2" />
  </Icon>
)
