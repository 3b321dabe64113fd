/** The catalogue as a whole: what a row promises, and the table of it in the README of the sandbox. */
import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { attacks } from './attacks/index.js'

const readme = new URL('../../sandbox/README.md', import.meta.url)

/** As prettier has aligned it, and as it was before. */
const plain = (line: string) => line.replaceAll(/ +/g, ' ')

test('an id names one attack, and can be typed', () => {
  const ids = attacks.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{1,49}$/)
})

// What differs below is what the table has to say: copy the line, and let prettier align it.
test('the README of the sandbox has each attack, in this order', async () => {
  const text = await readFile(readme, 'utf8')
  const table = text.slice(text.indexOf('| id ')).split('\n\n')[0]?.trim().split('\n') ?? []
  const expected = attacks.map(({ id, tried, stoppedBy, fences }) => {
    const seen = fences.length > 0 ? `without ${fences.join(', ')}` : 'by hand'
    return `| \`${id}\` | ${tried} | ${stoppedBy} | ${seen} |`
  })
  expect(table.slice(2).map(plain)).toEqual(expected)
})
