import { expect, type Browser, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'

interface Person {
  role: string
  email: string
  password: string
}
export interface Demo {
  baseUrl: string
  users: Person[]
}

/** What `npm start` wrote for whoever tries it out: addresses and sign-ins, and nothing more. */
export const demo = (): Demo =>
  JSON.parse(readFileSync(process.env['DEMO_OF_BROWSER_TESTS'] ?? '', 'utf8')) as Demo

export const person = (role: string, n = 0): Person => {
  const found = demo().users.filter((user) => user.role === role)[n]
  if (!found) throw new Error(`no ${role} number ${n}`)
  return found
}

/** A browser of this person's own, signed in by hand. */
export async function signIn(
  browser: Browser,
  who: Person,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: demo().baseUrl, ...options })).newPage()
  await page.goto('/')
  await page.getByLabel('Email').fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello')
  return page
}

/** Replaces what the editor holds, by keyboard. */
export async function typeIntoEditor(page: Page, file: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: `Editor: ${file}` }).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

/** Gives every point of the rubric form that is shown the same mark. */
export async function markEveryPoint(page: Page, mark: 'None' | 'Half' | 'Full'): Promise<void> {
  for (const point of await page.getByRole('radiogroup').all()) {
    await point.getByText(mark, { exact: true }).click()
  }
}
