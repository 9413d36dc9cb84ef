/** A group in which everything that a message can be has just happened. */
import type { Member, Person } from "@teahouse/client/view/port/basic.ts"
import type { MessageItem, TimelineItem } from "@teahouse/client/view/port/messages.ts"
import { plain } from "./fake-messages.ts"

const MIN = 60_000

export function groupHistory(me: Person, others: readonly Person[], now: number): TimelineItem[] {
  const [li, zhang, emma, shan] = others
  if (!li || !zhang || !emma || !shan) return []
  const items: TimelineItem[] = []
  let at = now - 90 * MIN
  const say = (from: Person, text: string, more: Partial<MessageItem> = {}, after = 1) => {
    at += after * MIN
    const seq = items.length + 1
    const mine = from.user === me.user
    items.push({
      ...plain,
      key: `g${seq}`,
      seq,
      at,
      from,
      mine,
      text,
      ...(mine && { delivery: "read" as const }),
      ...more,
    })
    return seq
  }
  const event = (what: Extract<TimelineItem, { type: "event" }>["event"]) => {
    at += MIN
    items.push({ type: "event", key: `g${items.length + 1}`, seq: items.length + 1, at, event: what })
  }
  event({ kind: "created", person: me, name: "周末茶会" })
  for (let n = 0; n < 40; n++)
    say(others[n % 3] ?? li, `第 ${n + 1} 条闲聊，说说今天的茶。`, {}, n % 6 === 0 ? 7 : 0)
  const first = say(
    li,
    "周末去虎跑泉边喝茶，大家有空吗？",
    {
      reactions: [
        { emoji: "👍", people: [zhang, emma, me], mine: true },
        { emoji: "🍵", people: [shan], mine: false },
      ],
      pinned: true,
    },
    8,
  )
  say(zhang, "我周六可以，周日要陪孩子。")
  say(me, "@张伟 那就周六吧", {
    mentions: [{ user: zhang.user, from: 0, length: 3 }],
    reply: { seq: first, from: li, text: "周末去虎跑泉边喝茶，大家有空吗？" },
    readBy: { read: 3, of: 8 },
    edited: true,
  })
  say(emma, "@茶馆主人 can you bring the **small** pot?", {
    mentions: [{ user: me.user, from: 0, length: 5 }],
    mentionsMe: true,
  })
  say(shan, "@所有人 九点在门口集合，别迟到。", {
    mentions: [{ user: "all", from: 0, length: 4 }],
    mentionsMe: true,
  })
  say(me, "没问题 👌", {
    readBy: { read: 8, of: 8 },
    reactions: [{ emoji: "❤️", people: [emma], mine: false }],
  })
  event({ kind: "recalled", person: zhang, mine: false })
  event({ kind: "recalled", person: me, mine: true, text: "打错字的那句话" })
  say(
    li,
    "带什么茶？",
    {
      body: {
        kind: "poll",
        poll: {
          question: "带什么茶？",
          multiple: false,
          ended: false,
          options: [
            { text: "龙井", people: [li, emma], mine: false },
            { text: "大红袍", people: [me], mine: true },
            { text: "Earl Grey, with a slice of lemon and nothing else at all", people: [], mine: false },
          ],
        },
      },
    },
    6,
  )
  say(zhang, "李四、emma", {
    body: {
      kind: "bundle",
      bundle: {
        title: "李四和 emma 的聊天记录",
        items: [
          { name: "李四", at: now - 3_000 * MIN, text: "上次那家的点心叫什么？" },
          { name: "emma", at: now - 2_999 * MIN, text: "定胜糕！https://example.com/cake" },
          { name: "李四", at: now - 2_998 * MIN, text: "对，**一定要买**" },
        ],
      },
    },
  })
  say(me, "🍵🍵", { delivery: "delivered", readBy: { read: 0, of: 8 } })
  say(emma, "This one answers something that is gone", {
    reply: { seq: 9_999, from: zhang, text: "", gone: true },
  })
  say(me, "转给大家看看", { forwarded: true, expiresAt: now + 60 * MIN, readBy: { read: 1, of: 8 } })
  return items
}

export const groupMembers = (me: Person, others: readonly Person[]): Member[] => [
  { ...me, publicName: me.name, role: "owner" },
  ...others.map((each, index) => ({
    ...{ ...each, publicName: each.name },
    role: index === 0 ? ("admin" as const) : ("member" as const),
  })),
]
