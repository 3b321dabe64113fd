import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadCourse } from './load-course.js'

const course: Record<string, string> = {
  'course.yaml': `id: tiny
title: Tiny
summary: A course of one of each.
language: en
modules:
  - id: one
    title: One
    summary: The only module.
    hours: 1
    items:
      - lesson:hello
      - lab:greet
`,
  'modules/one/lessons/hello.md': `---
title: Hello
minutes: 5
objectives: [Say hello]
check:
  - kind: single
    prompt: Which?
    options: [{ text: this, correct: true }, { text: that }]
    explain: Because.
---
# Hello

See [the lab](../labs/greet/instructions.md) and ![a picture](../../../assets/pic.svg).

\`\`\`sh
echo "hello"
\`\`\`

<script>alert(1)</script><b onclick="x()">bold</b>
`,
  'assets/pic.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'modules/one/labs/greet/lab.yaml': `title: Greet
summary: Greet somebody.
difficulty: intro
minutes: 5
mode: files
files: [greet.sh]
environment:
  image: shell
checks:
  - id: greets
    title: It greets
    exec: { run: [bash, greet.sh, Ada], stdout: "Hello, Ada\\n" }
  - id: neat
    title: It is neat
    script: checks/neat.sh
    needs: [greets]
    visibility: hidden
`,
  'modules/one/labs/greet/instructions.md': 'Read [the lesson](../../lessons/hello.md#hello).',
  'modules/one/labs/greet/starter/greet.sh': 'echo\n',
  'modules/one/labs/greet/checks/neat.sh': 'exit 0\n',
  'modules/one/labs/greet/solution/greet.sh': 'echo "Hello, $1"\n',
  'modules/one/labs/greet/wrong/silent/greet.sh': ':\n',
  'modules/one/labs/greet/wrong/silent/expect.yaml': 'fails: [greets]\n',
  'modules/one/questions/why.yaml': `title: Why?
level: junior
topics: [greeting]
prompt: Why greet?
rubric:
  - { id: a, text: One, weight: 1 }
  - { id: b, text: Two, weight: 2 }
  - { id: c, text: Three, weight: 3 }
answer: To be kind.
followUps:
  - { prompt: And then?, answer: Listen. }
  - { prompt: And now?, answer: Go. }
teaches: [lesson:hello]
`,
}

let folder: string
let images: string
const put = async (root: string, files: Record<string, string | Uint8Array>) => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'course-'))
  images = await mkdtemp(join(tmpdir(), 'images-'))
  await put(images, { 'shell/Dockerfile': 'FROM scratch\n' })
  await put(folder, course)
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  await rm(images, { recursive: true })
})

const load = () => loadCourse(folder, { labImagesDir: images })
const loaded = async () => {
  const result = await load()
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.course
}
/** Replaces `from` by `to` in a file of the course and answers the problems as `file:line message`. */
const problemsAfter = async (file: string, from: string | RegExp, to: string) => {
  const text = course[file] ?? ''
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  await put(folder, { [file]: changed })
  const result = await load()
  return result.ok
    ? []
    : result.problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`)
}
const lab = 'modules/one/labs/greet/lab.yaml'

describe('a sound course', () => {
  it('is read whole', async () => {
    const read = await loaded()
    expect(read.modules[0]?.items).toEqual([
      { kind: 'lesson', id: 'hello' },
      { kind: 'lab', id: 'greet' },
    ])
    expect(read.questions.map((question) => question.id)).toEqual(['why'])
    expect(read.labs[0]?.imageTag).toMatch(/^cooperage\/lab-shell:[0-9a-f]{12}$/)
    expect(read.labs[0]?.spec.checks[0]?.exec).toMatchObject({ exitCode: 0, timeoutSeconds: 10 })
  })

  it('renders lessons without scripts, with highlighted code and links that work in the page', async () => {
    const html = (await loaded()).lessons[0]?.html ?? ''
    expect(html).not.toMatch(/script|onclick/)
    expect(html).toContain('<b>bold</b>')
    expect(html).toContain('href="../labs/greet"')
    expect(html).toContain('src="/api/v1/courses/tiny/assets/pic.svg"')
    expect(html).toContain('--shiki-dark')
  })

  it('gives the worker starter and checks, and never the solution', async () => {
    const bundle = (await loaded()).labs[0]?.bundle
    expect(bundle?.starter.map((file) => file.path)).toEqual(['greet.sh'])
    expect(bundle?.checks.map((file) => file.path)).toEqual(['checks/neat.sh'])
    expect(JSON.stringify(bundle)).not.toContain(Buffer.from('echo "Hello, $1"\n').toString('base64'))
  })
})

describe('revisions', () => {
  it('stay the same for the same content, and change with any file of the course', async () => {
    const before = await loaded()
    expect((await loaded()).revision).toBe(before.revision)
    await put(folder, {
      'modules/one/lessons/hello.md': `${course['modules/one/lessons/hello.md']}\nMore.\n`,
    })
    const after = await loaded()
    expect(after.revision).not.toBe(before.revision)
    expect(after.labs[0]?.revision).toBe(before.labs[0]?.revision)
  })
  it('of a lab change with its checks and with the recipe of its image', async () => {
    const before = (await loaded()).labs[0]?.revision
    await put(folder, { 'modules/one/labs/greet/checks/neat.sh': 'exit 1\n' })
    const second = (await loaded()).labs[0]?.revision
    await put(images, { 'shell/Dockerfile': 'FROM other\n' })
    const third = (await loaded()).labs[0]?.revision
    expect(new Set([before, second, third]).size).toBe(3)
  })
})

describe('faults, with file and line', () => {
  it.each([
    [
      'an unknown key',
      lab,
      'minutes: 5',
      'minute: 5',
      [`${lab}:4 unknown key "minute"`, `${lab}:1 "minutes" is missing`],
    ],
    ['a wrong type', lab, 'minutes: 5', 'minutes: soon', [/lab.yaml:4 minutes: .*expected number/]],
    ['broken YAML', lab, 'files: [greet.sh]', 'files: [greet.sh', [/lab.yaml:\d+ not valid YAML/]],
    [
      'a script that is not there',
      lab,
      'checks/neat.sh',
      'checks/none.sh',
      [`${lab}:15 "checks/none.sh" is not a file below checks/`],
    ],
    [
      'a script outside of checks/',
      lab,
      'checks/neat.sh',
      'starter/greet.sh',
      [`${lab}:15 "starter/greet.sh" is not a file below checks/`],
    ],
    [
      'a need that comes later',
      lab,
      'needs: [greets]',
      'needs: [neat]',
      [`${lab}:16 "neat" is not a check that stands before this one`],
    ],
    [
      'a bad expression',
      lab,
      'stdout: "Hello, Ada\\n"',
      'stdout: { matches: "(" }',
      [/lab.yaml:12 not a valid expression/],
    ],
    [
      'a dead link',
      'modules/one/lessons/hello.md',
      'greet/instructions',
      'gone/instructions',
      [/hello.md:13 link to "..\/labs\/gone\/instructions.md", which is not in the course/],
    ],
    [
      'two right options',
      'modules/one/lessons/hello.md',
      'text: that',
      'text: that, correct: true',
      ['modules/one/lessons/hello.md:6 2 options are correct; a single question has one'],
    ],
    [
      'an item that is not there',
      'course.yaml',
      'lab:greet',
      'lab:gone',
      [
        'course.yaml:10 modules/one/ has lab "greet", which items do not list',
        'course.yaml:12 "lab:gone" is not in modules/one/',
      ],
    ],
    [
      'a wrong solution for an unknown check',
      'modules/one/labs/greet/wrong/silent/expect.yaml',
      'greets',
      'greet',
      ['modules/one/labs/greet/wrong/silent/expect.yaml:1 no check "greet"'],
    ],
    [
      'a question that teaches nothing known',
      'modules/one/questions/why.yaml',
      'lesson:hello',
      'lesson:bye',
      ['modules/one/questions/why.yaml:13 "lesson:bye" is not in the course'],
    ],
  ] as const)('%s', async (_, file, from, to, expected) => {
    const problems = await problemsAfter(file, from, to)
    expect(problems).toHaveLength(expected.length)
    for (const want of expected) {
      expect(problems).toContainEqual(typeof want === 'string' ? want : expect.stringMatching(want))
    }
  })

  it('all of a course in one run', async () => {
    await put(folder, { [lab]: (course[lab] ?? '').replace('minutes: 5', 'minutes: x') })
    const problems = await problemsAfter('modules/one/questions/why.yaml', 'level: junior', 'level: guru')
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      `${lab}:4`,
      'modules/one/questions/why.yaml:2',
    ])
  })

  it('links and devices are not followed', async () => {
    await symlink('/etc/passwd', join(folder, 'modules/one/labs/greet/starter/passwd'))
    const result = await load()
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { file: 'modules/one/labs/greet/starter/passwd', message: expect.stringContaining('links') },
      ],
    })
  })

  it('a folder that is not there, or is no course', async () => {
    expect(await loadCourse(join(folder, 'none'), { labImagesDir: images })).toMatchObject({ ok: false })
    expect(await loadCourse(images, { labImagesDir: images })).toMatchObject({
      ok: false,
      problems: [{ file: 'course.yaml', line: 1, message: 'is missing: this folder is not a course' }],
    })
  })
})
