/** Icons of what one does with messages; drawn like those of icons.tsx. */
import type { ComponentProps } from "react"
import { Icon } from "./icons.tsx"

type Props = Omit<ComponentProps<typeof Icon>, "children">
const drawn = (d: string) => (props: Props) => (
  <Icon {...props}>
    <path d={d} />
  </Icon>
)

export const ReplyIcon = drawn("M10 6 4 11.5 10 17v-3.4c5 0 8 1.4 10 4.4-.6-5.4-4-8.6-10-8.9z")
export const ForwardIcon = drawn("M14 6l6 5.5-6 5.5v-3.4c-5 0-8 1.4-10 4.4.6-5.4 4-8.6 10-8.9z")
export const CopyIcon = drawn("M9 8.5h10.5V20H9zM15 8.5V4H4.5v11.5H9")
export const EditIcon = drawn("m5 16.2 9.8-9.8 3.8 3.8-9.8 9.8H5zM12.8 8.4l3.8 3.8")
export const RecallIcon = drawn("M8.5 5 4.5 9l4 4M4.5 9H14a5 5 0 0 1 0 10H8")
export const TrashIcon = drawn("M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.4 10.5v6M13.6 10.5v6")
export const PinIcon = drawn("M9 4.5h6M10 4.5v5L7 13v1.5h10V13l-3-3.5v-5M12 14.5V20")
export const SavedIcon = drawn("M6.5 4.5h11V20L12 15.8 6.5 20z")
export const SelectIcon = drawn("M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M8.5 12.3l2.5 2.5 4.5-5")
export const EmojiIcon = drawn(
  "M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M9 9.8v.2M15 9.8v.2M8.3 13.8c.8 1.5 2.1 2.2 3.7 2.2s2.9-.7 3.7-2.2",
)
export const StickerIcon = drawn(
  "M4.5 4.5h15v9l-6 6h-9zM13.5 19.5v-6h6M9 9v.2M14.5 9v.2M8.5 12.5c.7 1 1.6 1.5 2.700 1.5",
)
export const PlusIcon = drawn("M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M12 8.5v7M8.5 12h7")
export const PollIcon = drawn("M5 19.5V11h3.5v8.5zM10.3 19.5V5h3.5v14.5zM15.6 19.5V14H19v5.5z")
export const TimerIcon = drawn("M5 13a7 7 0 1 0 14 0 7 7 0 1 0-14 0M12 9.5V13l2 1.5M10 3.5h4M12 3.5V6")
export const ReadIcon = drawn("m2.5 12.5 4 4 7.5-9M11 16l.8.6 8.7-9.1")
export const ReturnIcon = drawn("M17 19V12a4 4 0 0 0-4-4H6M10 4 6 8l4 4")
export const ClockBackIcon = drawn("M4.5 12a7.5 7.5 0 1 0 2.4-5.5L4.5 9M4.5 4.5V9H9M12 8v4.3l2.8 1.7")
export const FaceAddIcon = drawn(
  "M19.5 11a8 8 0 1 1-6.5-6.5M9 10v.2M14 10v.2M8 14c.8 1.5 2 2.2 3.5 2.2s2.700-.7 3.5-2.2M18.5 3v5M16 5.5h5",
)
export const BundleIcon = drawn("M7 8.5h12.5V20H7zM4.5 15.5V4H17M10 12h6.5M10 15.5h6.5")
export const FaceIcon = drawn("M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M9 9.8v.2M15 9.8v.2M8.5 14.5h7")
export const LeafIcon = drawn("M5 19C4 10 9 5 19.5 5 19.5 15 14 19.5 7 17.5M5 20c2-5 5-8 9-10")
export const CupIcon = drawn(
  "M5 9h11v5.5a5 5 0 0 1-5 5H10a5 5 0 0 1-5-5zM16 10.5h1.5a2.5 2.5 0 0 1 0 5H16M8.5 6V4M12.5 6V4",
)
export const PlaceIcon = drawn(
  "M12 20.5c-4-4.3-6-7.3-6-10a6 6 0 0 1 12 0c0 2.7-2 5.7-6 10zM10 10.5a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
)
export const BallIcon = drawn(
  "M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0M4 12h16M12 4v16M6.3 6.5c3.5 3 3.5 8 0 11M17.7 6.5c-3.5 3-3.5 8 0 11",
)
export const BulbIcon = drawn(
  "M9.5 17.5h5M10 20h4M12 4a5.5 5.5 0 0 0-3.5 9.8c.7.6 1 1.2 1 2.2h5c0-1 .3-1.6 1-2.2A5.5 5.5 0 0 0 12 4z",
)
export const HeartIcon = drawn(
  "M12 19.5C6 15 4 12 4 9.2A4.2 4.2 0 0 1 12 7.5a4.2 4.2 0 0 1 8 1.7c0 2.8-2 5.8-8 10.3z",
)
export const FlagIcon = drawn("M6 20.5V4.5M6 5.5c4-2 7 2 12 0v8.5c-5 2-8-2-12 0")
export const HandIcon = drawn(
  "M8 12V6.5a1.4 1.4 0 0 1 2.8 0V11M10.8 10.5V5a1.4 1.4 0 0 1 2.8 0v5.5M13.6 10.5V6.5a1.4 1.4 0 0 1 2.8 0V14c0 4-2 6.5-5 6.5-2.8 0-4-1.5-5.2-4L5 13.8c-.5-1.2 1-2 1.8-1L8 14.5",
)
