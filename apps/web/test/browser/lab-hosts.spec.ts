/** An admin looks at the lab hosts, and takes the risk of one where something got through. */
import { apiPrefix, type SelfTestReport } from '@cooperage/contracts'
import { expect, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { demo, person, signIn } from './people.js'

/** As a worker on another host brings it. */
async function reportWeakHost(): Promise<void> {
  const folder = dirname(process.env['DEMO_OF_BROWSER_TESTS'] ?? '')
  const { workerToken } = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as {
    workerToken: string
  }
  const now = new Date().toISOString()
  const report: SelfTestReport = {
    scope: 'quick',
    host: { id: 'weak-host', name: 'weak-host', engine: 'Docker Engine, of a test' },
    startedAt: now,
    finishedAt: now,
    rows: [
      {
        id: 'fork-bomb',
        tried: 'Fork bomb',
        happened: '<b>600 processes</b> were made where 32 are allowed',
        stoppedBy: 'limit on processes',
        verdict: 'broken',
        matters: true,
        durationMs: 9,
      },
    ],
    notes: [],
  }
  const answer = await fetch(`${demo().baseUrl}${apiPrefix}/internal/lab-hosts/self-tests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${workerToken}` },
    body: JSON.stringify(report),
  })
  expect(answer.status).toBe(200)
}

test('an admin accepts a risk by name and withdraws it, with the keyboard alone', async ({ browser }) => {
  await reportWeakHost()
  const page = await signIn(browser, person('admin'))
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Lab hosts' }).click()
  await expect(page.getByText('Labs are on')).toHaveCount(1)
  await expect(page.getByText('One attack was not held off')).toBeVisible()
  await expect(page.getByText('<b>600 processes</b> were made')).toBeVisible()

  await page.getByRole('button', { name: 'Accept this risk: Fork bomb' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Accept this risk?' })
  await expect(dialog).toContainText('Fork bomb (fork-bomb)')
  await expect(dialog.getByLabel('Why you accept it')).toBeFocused()
  await page.keyboard.type('too short')
  await dialog.getByRole('button', { name: 'Accept the risk' }).press('Enter')
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Why you accept it').fill('Nobody but us learns on this machine.')
  await dialog.getByRole('button', { name: 'Accept the risk' }).press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Nobody but us learns on this machine.')).toBeVisible()
  await expect(page.getByText('One attack was not held off')).toBeHidden()

  await expect(page.getByRole('button', { name: 'Withdraw: fork-bomb' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Withdraw now' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('One attack was not held off')).toBeVisible()
})

test('nobody else is led there, or sees anything there', async ({ browser }) => {
  const page = await signIn(browser, person('instructor'))
  await page.getByRole('button', { name: /^Account of/ }).click()
  await expect(page.getByRole('menuitem', { name: 'Profile' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Lab hosts' })).toHaveCount(0)
  await page.goto('/lab-hosts')
  await expect(page.getByText('For admins only')).toBeVisible()
  await expect(page.getByRole('table')).toHaveCount(0)
})
