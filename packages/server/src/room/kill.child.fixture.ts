/** A house of the messages' way in a process of its own, to be killed. Says its address in one line. */
import { openSocketHouse } from "../socket/socket.fixture.ts"

const house = await openSocketHouse({ folder: process.argv[2] as string })
process.stdout.write(`${house.url} ${house.house.id}\n`)
