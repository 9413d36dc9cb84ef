import { expect, test } from "vitest"
import { byLetter, letterOf } from "./letters.ts"

test("a name stands under the first letter of its pinyin", () => {
  const names =
    "阿明 白居易 蔡文姬 杜甫 鄂尔泰 冯梦龙 高适 韩愈 纪晓岚 孔融 李白 孟浩然 倪瓒 欧阳修 潘安 屈原 阮籍 苏轼 陶渊明 王维 辛弃疾 岳飞 张衡"
  expect(names.split(" ").map(letterOf).join("")).toBe("ABCDEFGHJKLMNOPQRSTWXYZ")
})

test("Latin names mix with Chinese ones, letters with marks too; anything else comes last", () => {
  const named = (name: string) => ({ name })
  const groups = byLetter(["王五", "emma", "Élise", "李四", "leo", "9527", "🍵 tea", "赵六"].map(named))
  expect(groups.map(({ letter, items }) => [letter, items.map((item) => item.name)])).toEqual([
    ["E", ["Élise", "emma"]],
    ["L", ["李四", "leo"]],
    ["W", ["王五"]],
    ["Z", ["赵六"]],
    ["#", ["🍵 tea", "9527"]],
  ])
})
