import { QuestionFile } from '@cooperage/contracts'
import type { QuestionContent } from './model.js'
import { readText, type CourseReader } from './reader.js'
import { parseYaml } from './yaml.js'

export interface ReadQuestion {
  content: QuestionContent
  /** Line of `teaches[index]`. */
  teachesLine: (index: number) => number
}

export async function readQuestion(
  reader: CourseReader,
  module: string,
  id: string,
): Promise<ReadQuestion | null> {
  const path = `modules/${module}/questions/${id}.yaml`
  const text = readText(reader, path)
  if (text === null) return null
  const parsed = parseYaml(path, text, QuestionFile)
  if ('problems' in parsed) {
    reader.problems.push(...parsed.problems)
    return null
  }
  const seen = new Set<string>()
  parsed.value.rubric.forEach((point, index) => {
    if (seen.has(point.id)) {
      reader.problems.push({
        file: path,
        line: parsed.line(['rubric', index, 'id']),
        message: `a second rubric point "${point.id}"`,
      })
    }
    seen.add(point.id)
  })
  const prompt = await reader.render(path, parsed.value.prompt, parsed.line(['prompt']))
  const answer = await reader.render(path, parsed.value.answer, parsed.line(['answer']))
  return {
    content: { id, module, ...parsed.value, promptHtml: prompt.html, answerHtml: answer.html },
    teachesLine: (index) => parsed.line(['teaches', index]),
  }
}
