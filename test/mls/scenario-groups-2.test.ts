import { groupLives } from "./scenario.fixture.ts"

groupLives(1, 2)
