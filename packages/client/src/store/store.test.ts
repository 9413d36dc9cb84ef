import "fake-indexeddb/auto"
import { expect, test } from "vitest"
import { storeContract } from "./contract.ts"
import { idbStores } from "./idb.ts"
import { memoryStores } from "./memory.ts"

const equal = (a: unknown, b: unknown) => expect(a).toEqual(b)
storeContract({ test: (name, run) => test(`memory: ${name}`, run), equal }, memoryStores)
storeContract({ test: (name, run) => test(`IndexedDB: ${name}`, run), equal }, () => idbStores("test"))
