// The stages of `npm test`, each a command with a way to count what it found.

import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Progress } from '../../boot/progress.mjs'
import { add, nothing, type Tally, tallyJest, tallyPlaywright } from './tally.js'

type StageContext = {
  root: string
  /** a folder for reports */
  scratch: string
  env: NodeJS.ProcessEnv
  /** for jest and playwright, as they are */
  rest: string[]
  skipEngine: boolean
  progress: Progress
  signal: AbortSignal
}

export type Stage = { name: string; run: (context: StageContext) => Promise<Tally> }

export const allStages: Stage[] = [
  { name: 'typecheck', run: (context) => runStatic('Type check', context, ['node', 'infra/typecheck.mjs']) },
  { name: 'lint', run: (context) => runStatic('Lint', context, ['oxlint', '--deny-warnings']) },
  { name: 'format', run: (context) => runStatic('Format', context, ['prettier', '--check', '.']) },
  {
    name: 'boundaries',
    run: (context) =>
      runStatic('Boundaries between rooms', context, [
        'depcruise',
        '--config=.dependency-cruiser.cjs',
        'apps',
        'packages',
        'infra',
      ]),
  },
  { name: 'unused', run: (context) => runStatic('Unused code and dependencies', context, ['knip']) },
  { name: 'unit', run: (context) => runJest('unit', context, []) },
  {
    name: 'integration',
    run: async (context) => {
      const left = context.skipEngine ? skip(engineFolders, context) : []
      const ignore = left.flatMap((file) => ['--testPathIgnorePatterns', `/${file}$`])
      const tally = await runJest('integration', context, ['--runInBand', ...ignore])
      return add(tally, { ...nothing, skipped: left.length })
    },
  },
  {
    name: 'attacks',
    run: async (context) => {
      if (!context.skipEngine) return runJest('attacks', context, ['--runInBand'])
      return { ...nothing, skipped: skip(['packages/self-test/test'], context).length }
    },
  },
  { name: 'browser', run: runPlaywright },
]

/** The rooms whose integration tests all run on an engine. */
const engineFolders = [
  'apps/cli/test',
  'packages/sandbox/test',
  'packages/grading/test',
  'apps/worker/test',
  'infra/test/engine',
  'infra/test/product',
]

/** Says of each test file in these folders that it is left out; the files are relative to the root. */
function skip(folders: readonly string[], { root, progress }: StageContext): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  )
  for (const file of files) progress.warn(`SKIPPED, for it needs a Docker Engine: ${file}`)
  return files
}

/** A check without tests of its own counts as one; what it says is shown when it fails. */
async function runStatic(title: string, context: StageContext, command: string[]): Promise<Tally> {
  const step = context.progress.step(title)
  const { code, output } = await run(command, context, 'captured')
  if (code === 0) {
    step.done()
    return { ...nothing, passed: 1 }
  }
  step.fail()
  context.progress.line(output.trimEnd())
  return { ...nothing, failed: 1 }
}

const titles = { unit: 'unit tests', integration: 'integration tests', attacks: 'attacks on the sandbox' }

async function runJest(project: keyof typeof titles, context: StageContext, args: string[]): Promise<Tally> {
  context.progress.line(`\n— ${titles[project]} —`)
  const report = path.join(context.scratch, `${project}.json`)
  const NODE_OPTIONS = `${context.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim()
  // What follows a list of patterns would be taken for one more of them, so that the lists come first.
  const options = [...args, '--json', `--outputFile=${report}`, ...context.rest]
  const command = ['jest', '--selectProjects', project, ...options]
  const { code } = await run(command, { ...context, env: { ...context.env, NODE_OPTIONS } }, 'shown')
  return read(report, tallyJest, code)
}

async function runPlaywright(context: StageContext): Promise<Tally> {
  if (context.skipEngine) {
    context.progress.warn('SKIPPED, for they need a Docker Engine: the browser tests')
    return { ...nothing, skipped: 1 }
  }
  context.progress.line('\n— browser tests —')
  const report = path.join(context.scratch, 'browser.json')
  const env = { ...context.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report }
  const { code } = await run(['playwright', 'test', ...context.rest], { ...context, env }, 'shown')
  return read(report, tallyPlaywright, code)
}

function read(report: string, tally: (report: unknown) => Tally, code: number | null): Tally {
  try {
    const counts = tally(JSON.parse(readFileSync(report, 'utf8')))
    return counts.failed === 0 && code !== 0 ? add(counts, { ...nothing, failed: 1 }) : counts
  } catch {
    // Without a report the runner itself has failed.
    return { ...nothing, failed: 1 }
  }
}

function run(
  [program = '', ...args]: string[],
  { root, env, signal }: StageContext,
  output: 'shown' | 'captured',
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: {
        ...env,
        PATH: `${path.join(root, 'node_modules/.bin')}:${path.dirname(process.execPath)}:${env.PATH}`,
      },
      stdio: output === 'shown' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    const stop = () => child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => (text += part))
    }
    child.once('error', reject)
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop)
      resolve({ code, output: text })
    })
  })
}
