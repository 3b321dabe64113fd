import { describe, expect, it } from '@jest/globals'
import { itemPath, safeNext } from './paths.js'

describe('where to go after signing in', () => {
  it('is the page that was asked for', () => {
    expect(safeNext('/join/ABCD-1234?x=1')).toBe('/join/ABCD-1234?x=1')
  })
  it('is never another site', () => {
    for (const elsewhere of [
      '//elsewhere.example',
      '/\\elsewhere.example',
      'https://elsewhere.example',
      'javascript:alert(1)',
    ]) {
      expect(safeNext(elsewhere)).toBe('/')
    }
  })
  it('is not the sign-in page again', () => {
    expect(safeNext('/sign-in?next=/profile')).toBe('/')
    expect(safeNext(undefined)).toBe('/')
  })
})

it('gives each kind of item its folder', () => {
  expect(['lesson', 'lab', 'question'].map((kind) => itemPath('c', kind as 'lesson', 'x'))).toEqual([
    '/cohorts/c/lessons/x',
    '/cohorts/c/labs/x',
    '/cohorts/c/questions/x',
  ])
})
