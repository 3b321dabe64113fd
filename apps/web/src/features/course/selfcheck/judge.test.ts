import { describe, expect, it } from '@jest/globals'
import { judgeChoice, judgeOrder, judgeText, shuffled } from './judge.js'

const explain = 'Because.'
const multiple = {
  kind: 'multiple' as const,
  prompt: 'Which?',
  options: [{ text: 'a', correct: true }, { text: 'b' }, { text: 'c', correct: true }],
  explain,
}

describe('a choice', () => {
  it('is right when exactly the correct options are chosen', () => {
    expect(judgeChoice(multiple, new Set([0, 2]))).toBe(true)
  })
  it('is wrong with one missing or one too many', () => {
    expect(judgeChoice(multiple, new Set([0]))).toBe(false)
    expect(judgeChoice(multiple, new Set([0, 1, 2]))).toBe(false)
  })
})

describe('a text', () => {
  const fill = (...answers: string[]) => ({ kind: 'fill' as const, prompt: 'What?', answers, explain })
  it('may differ in white space, and any of the answers will do', () => {
    expect(judgeText(fill('podman ps', 'docker  ps -a'), ' docker ps   -a\n')).toBe(true)
  })
  it('keeps the case of options, which differ by it', () => {
    expect(judgeText(fill('docker run -p 80:80'), 'docker run -P 80:80')).toBe(false)
  })
  it('ignores the case of words', () => {
    expect(judgeText(fill('namespace'), 'Namespace')).toBe(true)
    expect(judgeText(fill('namespace'), 'cgroup')).toBe(false)
  })
})

describe('an order', () => {
  const items = ['build', 'tag', 'push']
  const question = { kind: 'order' as const, prompt: 'Order.', items, explain }
  it('is right as the author wrote it', () => {
    expect(judgeOrder(question, [0, 1, 2])).toBe(true)
    expect(judgeOrder(question, [1, 0, 2])).toBe(false)
  })
  it('does not tell equal items apart', () => {
    expect(judgeOrder({ ...question, items: ['wait', 'go', 'wait'] }, [2, 1, 0])).toBe(true)
  })
  it('begins shuffled: every item once, never right already', () => {
    for (const list of [items, ['a', 'b'], ['x', 'y', 'z', 'w']]) {
      const order = shuffled(list)
      expect([...order].sort()).toEqual(list.map((_, index) => index))
      expect(order).not.toEqual(list.map((_, index) => index))
    }
  })
})
