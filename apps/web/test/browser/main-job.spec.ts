import { expect, test } from '@playwright/test'
import { markEveryPoint, person, signIn, typeIntoEditor } from './people.js'

/** The main job of the product, by two people who only use the page. */
test('a learner joins, reads, does a graded lab and sees the verdict live; the instructor sees it in the progress', async ({
  browser,
}) => {
  const instructor = await signIn(browser, person('instructor'))
  const learner = await signIn(browser, person('learner'))

  await instructor.goto('/cohorts')
  await instructor.getByRole('link', { name: 'Create cohort' }).click()
  await instructor.getByLabel('Name').fill('Autumn class')
  await instructor.getByRole('button', { name: 'Create cohort' }).click()
  await instructor.getByRole('link', { name: 'People' }).click()
  const code = await instructor.getByTestId('join-code').innerText()

  await learner.goto('/cohorts')
  await learner.getByLabel('Join code').fill(code)
  await learner.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(learner.getByRole('heading', { level: 1, name: 'Docker Crash Course' })).toBeVisible()

  await learner
    .getByRole('link', { name: /Why containers\?/ })
    .first()
    .click()
  await expect(learner.getByRole('heading', { level: 1, name: 'Why containers?' })).toBeVisible()
  await learner.getByRole('button', { name: 'Mark as read' }).click()
  await expect(learner.getByRole('button', { name: 'Mark as unread' })).toBeVisible()

  await learner.getByRole('link', { name: /First check/ }).click()
  await expect(learner.getByRole('heading', { level: 1, name: 'First check' })).toBeVisible()
  const verdict = learner.getByRole('region', { name: 'Verdict' })

  await typeIntoEditor(learner, 'hello.sh', 'echo "Container ready"\n')
  await learner.getByRole('button', { name: 'Submit', exact: true }).click()
  await expect(verdict.getByRole('status')).toContainText('0 of 1')
  // What was expected and what was found, not merely "wrong".
  await expect(verdict).toContainText('container ready')
  await expect(verdict).toContainText('Container ready')

  await typeIntoEditor(learner, 'hello.sh', 'echo "container ready"\n')
  await learner.keyboard.press('ControlOrMeta+Enter')
  await expect(verdict.getByRole('status')).toContainText('1 of 1 point.')
  const receipt = verdict.getByRole('link', { name: 'Receipt' })
  await receipt.focus()
  const [saved] = await Promise.all([learner.waitForEvent('download'), learner.keyboard.press('Enter')])
  expect(saved.suggestedFilename()).toBe('receipt-first-check-2.jws')
  await learner.getByRole('tab', { name: 'Attempts' }).click()
  await expect(learner.getByRole('tabpanel', { name: 'Attempts' }).getByText(/of 1/)).toHaveCount(2)

  await instructor.getByRole('link', { name: 'Progress' }).click()
  const cell = instructor.getByRole('link', { name: /First check: done, 1 of 1 points?, 2 attempts/ })
  await expect(cell).toBeVisible()
  await cell.click()
  await expect(instructor.getByRole('heading', { level: 1, name: 'Submissions' })).toBeVisible()
  await instructor.getByRole('row').filter({ hasText: '1 of 1' }).getByRole('link').first().click()
  await expect(instructor.getByText('echo "container ready"').first()).toBeVisible()
})

test('an interview answer is given, marked by its author and reviewed by the instructor', async ({
  browser,
}) => {
  const learner = await signIn(browser, person('learner', 1))
  await learner.getByRole('link', { name: 'Course map' }).click()
  await learner.getByRole('link', { name: 'Questions' }).click()
  await learner.getByRole('link', { name: /Exit code 137/ }).click()
  await expect(learner.getByText('Strong answer')).toHaveCount(0)
  await learner
    .getByLabel('Your answer')
    .fill('137 is 128 + 9: somebody sent SIGKILL. I would ask docker inspect whether OOMKilled is true.')
  await learner.getByRole('button', { name: 'Submit answer' }).click()
  await expect(learner.getByText('Strong answer').first()).toBeVisible()
  await markEveryPoint(learner, 'Full')
  await learner.getByRole('button', { name: 'Save marks' }).click()
  await expect(learner.getByText(/100\s?%/).first()).toBeVisible()

  const instructor = await signIn(browser, person('instructor'))
  await instructor.goto(new URL(learner.url()).pathname)
  await instructor
    .getByRole('button', { name: /Tomasz Wieczorek/ })
    .first()
    .click()
  await expect(instructor.getByText('somebody sent SIGKILL').first()).toBeVisible()
  await markEveryPoint(instructor, 'Half')
  await instructor.getByLabel('Comment').first().fill('Say how you tell the two causes apart.')
  await instructor.getByRole('button', { name: 'Save review' }).click()
  await expect(instructor.getByText('Review saved')).toBeVisible()
  await learner.reload()
  await expect(learner.getByText('Say how you tell the two causes apart.')).toBeVisible()
})
