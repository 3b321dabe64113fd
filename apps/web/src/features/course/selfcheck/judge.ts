/** Judging self-checks in the page: they are for the learner alone and count for nothing. */
import type { SelfCheckQuestion } from '@cooperage/contracts'

type Kind<K extends SelfCheckQuestion['kind']> = Extract<SelfCheckQuestion, { kind: K }>

/** Exactly the correct options are chosen. */
export const judgeChoice = (
  question: Kind<'single'> | Kind<'multiple'>,
  chosen: ReadonlySet<number>,
): boolean => question.options.every((option, index) => (option.correct === true) === chosen.has(index))

export const judgeOrder = (question: Kind<'order'>, order: readonly number[]): boolean =>
  order.every((original, place) => question.items[original] === question.items[place])

/**
 * White space at the ends and its amount do not matter. Case matters where it may mean something, as in `-p` and `-P`;
 * in answers of words alone it does not.
 */
export function judgeText(question: Kind<'fill'> | Kind<'output'>, answer: string): boolean {
  const given = squeeze(answer)
  return question.answers.some((one) => {
    const wanted = squeeze(one)
    return /^[\p{L} ]+$/u.test(wanted) ? wanted.toLowerCase() === given.toLowerCase() : wanted === given
  })
}

const squeeze = (text: string) => text.trim().replace(/\s+/g, ' ')

/**
 * A beginning order that is never the right one, the same each time: items by the hash of their text, turned by one
 * place if that happens to be right. Answers indices into `items`.
 */
export function shuffled(items: readonly string[]): number[] {
  const order = items
    .map((text, index) => ({ index, hash: hashOf(text) }))
    .toSorted((a, b) => a.hash - b.hash)
    .map(({ index }) => index)
  if (!order.every((original, place) => original === place)) return order
  return [...order.slice(1), ...order.slice(0, 1)]
}

const hashOf = (text: string): number => {
  let hash = 7
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0
  return hash
}
