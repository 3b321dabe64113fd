/**
 * One line of text that shows itself: at most `max` UTF-16 units, nothing in it that controls a terminal, reorders what is read or
 * cannot be stored.
 */
export const plainText = (text: string, max: number): string =>
  text
    .slice(0, max)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
