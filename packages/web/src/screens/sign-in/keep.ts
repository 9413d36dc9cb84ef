/** Asked when somebody has just signed in or up by hand, never on load: some browsers ask the person. */
export function keepStorage(): void {
  void navigator.storage?.persist?.().catch(() => {})
}
