/** What every stage must do. A test gives it its own runner's functions and the adapter. */
import type { ContractRunner } from "../store/contract.ts"
import type { FileStages } from "./stage.ts"

export function stageContract({ test, equal }: ContractRunner, stages: () => FileStages) {
  const bytes = (...values: number[]) => Uint8Array.from(values)
  const listOf = (value: Uint8Array | undefined) => (value ? Array.from(value) : undefined)

  test("a stage gives back pieces and parts of them, and nothing for what is not there", async () => {
    const all = stages()
    const stage = await all.open("contract")
    equal(await stage.write("a", 0, bytes(1, 2, 3)), true)
    equal(await stage.write("a", 7, bytes(4)), true)
    equal(listOf(await stage.read("a", 0, 1, 3)), [2, 3])
    equal(listOf(await stage.read("a", 7, 0, 1)), [4])
    equal(await stage.read("a", 1, 0, 1), undefined)
    equal(await stage.read("b", 0, 0, 1), undefined)
    await all.remove("contract")
  })

  test("a stage writes a piece over, lists and removes", async () => {
    const all = stages()
    const stage = await all.open("contract")
    await stage.write("a", 0, bytes(1, 2, 3))
    await stage.write("a", 0, bytes(9))
    await stage.write("b", 0, bytes(5))
    equal(listOf(await stage.read("a", 0, 0, 1)), [9])
    equal([...(await stage.list())].sort(), ["a", "b"])
    await stage.remove("a")
    await stage.remove("a")
    equal(await stage.read("a", 0, 0, 1), undefined)
    equal(await stage.list(), ["b"])
    await all.remove("contract")
    equal(await (await all.open("contract")).list(), [])
    await all.remove("contract")
  })

  test("two accounts have two stages", async () => {
    const all = stages()
    const [one, other] = [await all.open("contract"), await all.open("contract2")]
    await one.write("a", 0, bytes(1))
    equal(await other.read("a", 0, 0, 1), undefined)
    await all.remove("contract")
    await all.remove("contract2")
  })
}
