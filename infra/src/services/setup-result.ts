// What the API's setup says about its work: one line of JSON, the last line that it prints.

import { z } from 'zod'

const SetupResult = z.object({
  /** faults of courses that were left out; course is the folder, file is relative to it */
  problems: z.array(
    z.object({ course: z.string(), file: z.string(), line: z.number(), message: z.string() }),
  ),
  /** the demonstration data was made this time */
  demo: z.boolean(),
  /** makes the first admin, once */
  adminLink: z.string().optional(),
  /** what that admin signs in with afterwards */
  adminEmail: z.string().optional(),
})
export type SetupResult = z.infer<typeof SetupResult>

/** undefined when the output does not end with such a line */
export function readSetupResult(output: string): SetupResult | undefined {
  const last = output.trim().split('\n').at(-1) ?? ''
  try {
    return SetupResult.parse(JSON.parse(last))
  } catch {
    return undefined
  }
}
