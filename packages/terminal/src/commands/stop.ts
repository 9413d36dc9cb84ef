/** Why a command ends other than well: thrown by its steps, said once by whoever runs it. */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import { EXIT, type Exit } from "../say/exit.ts"
import { exitOf, type Sentence, sentenceOf } from "../say/sentences.ts"

export class Stop extends Error {
  readonly sentence: Sentence
  readonly exit: Exit
  constructor(exit: Exit, sentence: Sentence) {
    super(sentence.en)
    this.exit = exit
    this.sentence = sentence
  }
}

export const usage = (zh: string, en: string): Stop => new Stop(EXIT.usage, { zh, en })
export const refused = ({ kind }: CommandError): Stop => new Stop(exitOf(kind), sentenceOf(kind))
