/** What is needed where the first block goes to the house or comes from there; loaded then. */
export { mend } from "./mend.ts"
export { decodeSegment, deflated, encodeSegment, inflated } from "./segment.ts"
