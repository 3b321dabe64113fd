import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import type { CourseProblem } from './model.js'

export type Parsed<T> = { value: T; line: (path: PropertyKey[]) => number } | { problems: CourseProblem[] }

/**
 * YAML text → a value of the schema, or each fault with the line where it stands.
 * @param firstLine line of the file on which `text` begins (front matter begins on line 2)
 */
export function parseYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  firstLine = 1,
): Parsed<z.output<S>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true })
  const at = (offset: number) => lines.linePos(offset).line + firstLine - 1
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((error) => ({
        file,
        line: at(error.pos[0]),
        message: `not valid YAML: ${(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
      })),
    }
  }
  const line = (path: PropertyKey[]) => at(offsetOf(document, path))
  let value: unknown
  try {
    // The default bound on aliases holds: a "billion laughs" file is refused here.
    value = document.toJS()
  } catch (error) {
    return { problems: [{ file, line: firstLine, message: `not valid YAML: ${(error as Error).message}` }] }
  }
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return { value: parsed.data, line }
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(file, issue, line)) }
}

function problemsOf(
  file: string,
  issue: z.core.$ZodIssue,
  line: (path: PropertyKey[]) => number,
): CourseProblem[] {
  const name = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file,
      line: line([...issue.path, key]),
      message: `unknown key "${[...issue.path, key].join('.')}"`,
    }))
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  const message = missing ? `"${name}" is missing` : name === '' ? issue.message : `${name}: ${issue.message}`
  return [{ file, line: line(issue.path), message }]
}

/** Where a path stands, or the nearest thing around it that exists. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = rangeStart(node) ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (!pair) break
      offset = rangeStart(pair.key) ?? offset
      node = pair.value
    } else {
      node = isNode(node) && 'get' in node ? node.get(key, true) : undefined
      offset = rangeStart(node) ?? offset
    }
  }
  return offset
}
const rangeStart = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)
