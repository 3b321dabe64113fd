import { describe, expect, it } from '@jest/globals'
import type { CohortProgress, ItemProgress } from '@cooperage/contracts'
import { cellView, columnsByModule } from './matrix.js'

const column = (module: string, id: string): CohortProgress['columns'][number] => ({
  kind: 'lab',
  id,
  title: id,
  module,
  maxScore: 5,
})
const item = (over: Partial<ItemProgress>): ItemProgress => ({
  kind: 'lab',
  id: 'first',
  status: 'started',
  score: 2,
  maxScore: 5,
  attempts: 3,
  lastAt: null,
  ...over,
})

describe('columns by module', () => {
  it('keeps the order and remembers where each stands in a learner’s items', () => {
    const groups = columnsByModule([column('one', 'a'), column('one', 'b'), column('two', 'c')], undefined)
    expect(groups.map((group) => [group.id, group.columns.map((one) => one.index)])).toEqual([
      ['one', [0, 1]],
      ['two', [2]],
    ])
  })
  it('takes the titles of the course', () => {
    const modules = [{ id: 'one', title: 'Fundamentals', summary: '', hours: 1, items: [] }]
    expect(columnsByModule([column('one', 'a')], { modules })[0]?.title).toBe('Fundamentals')
  })
})

describe('a cell', () => {
  it('says the score and the attempts of a started lab', () => {
    expect(cellView(item({}), false)).toEqual({
      state: 'started',
      short: '◐ 2/5',
      words: 'started, 2 of 5 points, 3 attempts',
    })
  })
  it('is stuck when the learner is', () => {
    expect(cellView(item({}), true)).toMatchObject({ state: 'stuck', short: '! 2/5' })
  })
  it('leaves a full score to the tick', () => {
    expect(cellView(item({ status: 'done', score: 5, attempts: 1 }), false)).toMatchObject({
      short: '✓',
      words: 'done, 5 of 5 points, 1 attempt',
    })
  })
  it('shows no score where nothing was done', () => {
    expect(cellView(item({ status: 'untouched', score: 0, attempts: 0 }), false)).toEqual({
      state: 'untouched',
      short: '·',
      words: 'not started',
    })
  })
})
