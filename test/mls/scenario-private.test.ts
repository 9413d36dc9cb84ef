import { privateLives } from "./scenario.fixture.ts"

privateLives()
