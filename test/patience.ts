/** How long a look waits in a browser test (ms): what is waited for only has to come, also where two tests share two cores with others. */
export const PATIENCE = 45_000
