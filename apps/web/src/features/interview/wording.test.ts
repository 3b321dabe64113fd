import { expect, it } from '@jest/globals'
import { markWords, standing, wordCount } from './wording.js'

it('counts words by the spaces between them', () => {
  expect(wordCount('')).toBe(0)
  expect(wordCount(' \n ')).toBe(0)
  expect(wordCount('Namespaces  isolate;\ncgroups limit.')).toBe(4)
})

it('names marks', () => {
  expect([0, 0.5, 1, 0.25, undefined].map(markWords)).toEqual(['none', 'half', 'full', '25 %', 'not marked'])
})

it('says whether an attempt is marked, and by whom', () => {
  const review = { reviewer: 'Ada', marks: {}, comment: '', score: 80, at: '2026-03-01T00:00:00Z' }
  expect(standing({ score: null, review: null }).text).toBe('Not marked')
  expect(standing({ score: 66.7, review: null })).toEqual({ tone: 'warn', text: '66.7 %' })
  expect(standing({ score: 80, review })).toEqual({ tone: 'good', text: '80 %, reviewed' })
})
