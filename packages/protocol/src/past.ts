/** How much of a group's past is for who comes in is said in days (policy.ts). "All" in days: no room is older. */
export const PAST_ALL_DAYS = 36_500
