import { z } from 'zod'

export const Health = z.object({
  status: z.enum(['ok', 'unavailable']),
  /** Per dependency: `ok`, or what is wrong. */
  dependencies: z.record(z.string(), z.string()),
})
export type Health = z.infer<typeof Health>
