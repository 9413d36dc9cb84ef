/** Pointers on the viewer's stage: wheel, pinch, drag, double click, and swipes of a finger while nothing is zoomed. */
import { type PointerEvent, type RefObject, useEffect, useRef } from "react"
import { moved, type Point, type Transform, zoomed } from "./view-transform.ts"

const SWIPE_PX = 60
const DOUBLE_ZOOM = 2.5

type Asked = {
  readonly transform: Transform
  readonly change: (to: (from: Transform) => Transform) => void
  readonly onSwipe: (way: "left" | "right" | "down") => void
}

export function useStage(stage: RefObject<HTMLElement | null>, { transform, change, onSwipe }: Asked) {
  const pointers = useRef(new Map<number, Point>())
  const start = useRef<Point>(undefined)

  const fromMiddle = ({ x, y }: Point): Point => {
    const box = stage.current?.getBoundingClientRect()
    return box ? { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 } : { x, y }
  }
  const wheel = useRef((_event: WheelEvent) => {})
  useEffect(() => {
    wheel.current = (event) => {
      event.preventDefault()
      const at = fromMiddle({ x: event.clientX, y: event.clientY })
      const step = event.deltaMode === 0 ? event.deltaY : event.deltaY * 16
      change((from) => zoomed(from, Math.exp(-step / 300), at))
    }
  })
  useEffect(() => {
    const element = stage.current
    // React's own wheel listener is passive, and the page must not zoom as well.
    const listen = (event: WheelEvent) => wheel.current(event)
    element?.addEventListener("wheel", listen, { passive: false })
    return () => element?.removeEventListener("wheel", listen)
  }, [stage])

  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const at = { x: event.clientX, y: event.clientY }
      pointers.current.set(event.pointerId, at)
      start.current = pointers.current.size === 1 ? at : undefined
    },
    onPointerMove: (event: PointerEvent) => {
      const before = pointers.current.get(event.pointerId)
      if (!before) return
      const now = { x: event.clientX, y: event.clientY }
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
      pointers.current.set(event.pointerId, now)
      if (other) {
        const apart = (a: Point) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y))
        const middle = fromMiddle({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 })
        change((from) => zoomed(from, apart(now) / apart(before), middle))
      } else if (transform.scale > 1) {
        const box = event.currentTarget.getBoundingClientRect()
        change((from) => moved(from, { x: now.x - before.x, y: now.y - before.y }, box))
      }
    },
    onPointerUp: (event: PointerEvent) => {
      const from = start.current
      pointers.current.delete(event.pointerId)
      start.current = undefined
      if (!from || transform.scale > 1 || event.pointerType !== "touch") return
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
      if (dy > SWIPE_PX && dy > Math.abs(dx)) onSwipe("down")
      else if (Math.abs(dx) > SWIPE_PX) onSwipe(dx < 0 ? "left" : "right")
    },
    onPointerCancel: (event: PointerEvent) => {
      pointers.current.delete(event.pointerId)
      start.current = undefined
    },
    onDoubleClick: (event: React.MouseEvent) => {
      const at = fromMiddle({ x: event.clientX, y: event.clientY })
      change((from) => zoomed(from, from.scale > 1 ? 0 : DOUBLE_ZOOM, at))
    },
  }
}
