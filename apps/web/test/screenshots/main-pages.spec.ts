import { routes } from '@cooperage/contracts'
import { ApiClient } from '@cooperage/testing'
import { expect, test, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { demo, person, signIn, typeIntoEditor } from '../browser/people.js'

const repository = resolve(import.meta.dirname, '../../../..')
const lab = (path: string) =>
  readFileSync(resolve(repository, 'packages/course-docker/modules/fundamentals/labs', path), 'utf8')
const wide = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 360, height: 720 }, colorScheme: 'dark' as const }
const save = (page: Page, name: string) =>
  page.screenshot({ path: resolve(repository, `docs/screenshots/${name}.png`) })

/** Some days in the life of a cohort: lessons read, labs done well and badly. */
async function liveALittle(): Promise<string> {
  const learner = (n: number) => {
    const { email, password } = person('learner', n)
    return new ApiClient(demo().baseUrl).signIn(email, password)
  }
  const cohort = (await (await learner(0)).call(routes.me)).cohorts[0]?.id ?? ''
  const read = async (client: ApiClient, ...lessons: string[]) => {
    for (const lesson of lessons) {
      await client.call(routes.setLessonProgress, { params: { cohort, lesson }, body: { completed: true } })
    }
  }
  const submit = async (client: ApiClient, name: string, path: string, content: string) => {
    const { id } = await client.call(routes.submit, {
      params: { cohort, lab: name },
      body: { files: [{ path, content }] },
    })
    for await (const { event } of client.events(id)) if (event === 'verdict') return
  }
  const [priya, tomasz, lucia] = await Promise.all([0, 1, 2].map(learner))
  if (!priya || !tomasz || !lucia) throw new Error('three learners')
  await read(priya, 'why-containers', 'images-and-containers', 'client-daemon-registry', 'daily-commands')
  await read(tomasz, 'why-containers', 'images-and-containers')
  await read(lucia, 'why-containers')
  const hello = 'echo "container ready"\n'
  for (const client of [priya, tomasz, lucia]) await submit(client, 'first-check', 'hello.sh', hello)
  const entrypoint = 'polite-entrypoint'
  await submit(priya, entrypoint, 'entrypoint.sh', lab(`${entrypoint}/solution/entrypoint.sh`))
  for (let n = 0; n < 3; n++) {
    await submit(tomasz, entrypoint, 'entrypoint.sh', lab(`${entrypoint}/wrong/runs-as-child/entrypoint.sh`))
  }
  return cohort
}

test('screenshots of the main pages', async ({ browser }) => {
  const cohort = await liveALittle()
  const at = `/cohorts/${cohort}`
  const learner = await signIn(browser, person('learner'), wide)
  await save(learner, 'dashboard')
  await learner.goto(at)
  await expect(learner.getByRole('heading', { name: 'Fundamentals' })).toBeVisible()
  await save(learner, 'course')
  await learner.goto(`${at}/questions/exit-137`)
  await learner
    .getByLabel('Your answer')
    .fill('137 is 128 + 9: the process was killed by SIGKILL. First I would look at')
  await save(learner, 'question')
  await learner.goto(`${at}/labs/post-mortem`)
  await typeIntoEditor(learner, 'triage.sh', lab('post-mortem/wrong/flag-decides/triage.sh'))
  await learner.getByRole('tab', { name: 'verdicts.json' }).click()
  await typeIntoEditor(learner, 'verdicts.json', lab('post-mortem/wrong/flag-decides/verdicts.json'))
  await learner.getByRole('button', { name: 'Submit', exact: true }).click()
  const status = learner.getByRole('region', { name: 'Verdict' }).getByRole('status')
  await expect(status).toContainText('of 21')
  await learner.getByRole('region', { name: 'Verdict' }).getByText('Failed').first().scrollIntoViewIfNeeded()
  await save(learner, 'lab')

  const onThePhone = await signIn(browser, person('learner', 1), phone)
  await onThePhone.goto(`${at}/lessons/container-lifecycle`)
  await expect(onThePhone.getByRole('heading', { level: 1 })).toContainText('The life of a container')
  await save(onThePhone, 'lesson-dark-phone')

  const instructor = await signIn(browser, person('instructor'), wide)
  await instructor.goto(`${at}/progress`)
  await expect(instructor.getByText('Tomasz Wieczorek').first()).toBeVisible()
  await save(instructor, 'progress')

  const admin = await signIn(browser, person('admin'), wide)
  await admin.goto('/lab-hosts')
  await expect(admin.getByText('Labs are on')).toBeVisible()
  await save(admin, 'lab-hosts')
})
