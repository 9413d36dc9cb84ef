/**
 * Who in a room asks for its past, and what was answered: folded from the log, so that whoever comes later sees what is still
 * open and nobody answers twice. The room keeps what was said in its order (`news`, room/fold.ts) until this is loaded and takes it.
 */
import { sameBytes } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { Of } from "../content/message.ts"
import type { Range } from "../content/past.ts"
import type { Offer, Past, PastNews, RoomMeta } from "../room/records.ts"

const ASKS_MAX = 64
const OFFERS_MAX = 64
/** A request counts no longer than this. */
export const ASK_MS = 30 * 86_400_000

export const minus = (ranges: readonly Range[], taken: readonly Range[]): readonly Range[] =>
  taken.reduce<readonly Range[]>(
    (left, { from, to }) =>
      left.flatMap((one) =>
        to < one.from || from > one.to
          ? [one]
          : [
              { from: one.from, to: from - 1 },
              { from: to + 1, to: one.to },
            ].filter((part) => part.from <= part.to),
      ),
    ranges,
  )

const none: Past = { asks: [], offers: [], over: [], news: [] }

type Me = { readonly user: Id; readonly device: Id }

/** What was said since the last time. */
export const takeNews = (meta: RoomMeta, me: Me): RoomMeta =>
  (meta.past?.news ?? []).reduce<RoomMeta>((next, { content, by }) => takePast(next, content, by, me), {
    ...meta,
    past: { ...none, ...meta.past, news: [] },
  })

export function takePast(
  meta: RoomMeta,
  content: Of<"pastRequest"> | Of<"pastOffer">,
  { user, device, seq, time }: PastNews["by"],
  me: Me,
): RoomMeta {
  const past = meta.past ?? none
  if (content.kind === "pastRequest") {
    const { key, ranges, except } = content
    const before = past.asks.find((ask) => ask.user === user && sameBytes(ask.key, key))
    const over = past.asks.filter((ask) => ask.at < time - ASK_MS || (ask === before && ranges.length === 0))
    const open = ranges.filter(({ from, to }) => from <= to && to < seq)
    const asks = [
      ...past.asks.filter((ask) => ask !== before && !over.includes(ask)),
      ...(open.length > 0 ? [{ seq, user, key, at: time, open, except, own: before?.own ?? [] }] : []),
    ]
    const dropped = asks.slice(0, -ASKS_MAX)
    const gone = [...over, ...dropped].flatMap(({ own }) => own)
    return { ...meta, past: { ...past, asks: asks.slice(-ASKS_MAX), over: [...past.over, ...gone] } }
  }
  const { request, ranges, page } = content
  const ask = past.asks.find((one) => one.seq === request)
  const mine = user === me.user && page !== undefined
  if (!ask || ask.except.includes(user)) {
    // A device that came in after the request does not know of it: another one of the account has answered, and does.
    const over = mine && (ask !== undefined || device === me.device)
    return over ? { ...meta, past: { ...past, over: [...past.over, seq] } } : meta
  }
  const own = mine ? [...ask.own, seq] : ask.own
  const answered = { ...ask, open: minus(ask.open, ranges), own }
  const offer: Offer = { seq, user, request, key: ask.key, ranges, ...(page ? { page } : {}) }
  return {
    ...meta,
    past: {
      ...past,
      asks: past.asks.map((one) => (one === ask ? answered : one)),
      offers: ask.user === me.user ? [...past.offers, offer].slice(-OFFERS_MAX) : past.offers,
    },
  }
}
