import { LessonFrontMatter } from '@cooperage/contracts'
import type { LessonContent } from './model.js'
import { readText, type CourseReader } from './reader.js'
import { parseYaml } from './yaml.js'

/** Front matter between two `---` lines, then Markdown. */
export async function readLesson(
  reader: CourseReader,
  module: string,
  id: string,
): Promise<LessonContent | null> {
  const path = `modules/${module}/lessons/${id}.md`
  const text = readText(reader, path)
  if (text === null) return null
  const parts = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)([\s\S]*)$/.exec(text)
  if (!parts) {
    reader.problems.push({
      file: path,
      line: 1,
      message: 'begins with front matter between two lines of ---',
    })
    return null
  }
  const [, frontMatter = '', markdown = ''] = parts
  const parsed = parseYaml(path, frontMatter, LessonFrontMatter, 2)
  if ('problems' in parsed) {
    reader.problems.push(...parsed.problems)
    return null
  }
  parsed.value.check.forEach((question, index) => {
    const right = 'options' in question ? question.options.filter((option) => option.correct).length : null
    if (right === null || (question.kind === 'single' ? right === 1 : right > 0)) return
    reader.problems.push({
      file: path,
      line: parsed.line(['check', index]),
      message:
        question.kind === 'single'
          ? `${right} options are correct; a single question has one`
          : 'no option is correct',
    })
  })
  const firstLine = text.slice(0, text.length - markdown.length).split('\n').length
  const { html, headings } = await reader.render(path, markdown, firstLine)
  return { id, module, ...parsed.value, markdown: markdown.trim(), html, headings }
}
