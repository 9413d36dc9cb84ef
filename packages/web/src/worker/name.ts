/** The worker's name carries the slot: tabs of one slot meet in one worker, two slots never do. */
const PREFIX = "teahouse-"

export const workerName = (slot: number): string => `${PREFIX}${slot}`

export function slotOfWorker(name: string): number {
  const slot = Number(name.slice(PREFIX.length))
  if (!name.startsWith(PREFIX) || !Number.isInteger(slot) || slot < 1)
    throw new Error("a worker without a slot")
  return slot
}
