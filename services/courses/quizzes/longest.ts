/**
 * Letters that the answers to a quiz may have in an address. Encoded twice on their way, they stay within the 8 KiB
 * that every browser and proxy takes.
 */
export const longestAnswers = 3000
