import { WrongExpectation, type SubmissionFiles } from '@cooperage/contracts'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { z } from 'zod'

type Files = z.infer<typeof SubmissionFiles>['files']

const courseFolder = resolve(import.meta.dirname, '../../../packages/course-docker')

/** Submissions that a lab's folder brings along, as an outside client sends them. */
export interface LabSolutions {
  reference: Files
  wrong: { name: string; files: Files; fails: string[] }[]
}

export async function readSolutions(module: string, lab: string): Promise<LabSolutions> {
  const root = join(courseFolder, 'modules', module, 'labs', lab)
  const names = await readdir(join(root, 'wrong'))
  const wrong = await Promise.all(
    names.map(async (name) => {
      const folder = join(root, 'wrong', name)
      const expectation = WrongExpectation.parse(parse(await readFile(join(folder, 'expect.yaml'), 'utf8')))
      const files = (await readFiles(folder)).filter((file) => file.path !== 'expect.yaml')
      return { name, files, fails: expectation.fails }
    }),
  )
  return { reference: await readFiles(join(root, 'solution')), wrong }
}

async function readFiles(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        const content = await readFile(path)
        return {
          path: path.slice(folder.length + 1),
          content: content.toString('base64'),
          encoding: 'base64' as const,
        }
      }),
  )
}
