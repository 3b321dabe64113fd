// The demonstration people, in a file that the API's setup writes.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const Demo = z.looseObject({
  baseUrl: z.string(),
  joinCode: z.string(),
  users: z.array(z.object({ role: z.string(), email: z.string(), password: z.string() })),
})
export type Demo = z.infer<typeof Demo>

/** undefined when there are none, or the file is not such a file */
export function readDemo(file: string): Demo | undefined {
  if (!existsSync(file)) return undefined
  return Demo.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
}

/** The people stay when the site moves to another port; its address in their file has to follow. */
export function moveDemo(file: string, baseUrl: string): void {
  const demo = readDemo(file)
  if (!demo || demo.baseUrl === baseUrl) return
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify({ ...demo, baseUrl }, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}
