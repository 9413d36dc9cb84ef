import { groupLives } from "./scenario.fixture.ts"

groupLives(0, 2)
