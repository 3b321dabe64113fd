import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { CodeEditorProps } from './CodeEditor.js'

const CodeEditor = lazy(() => import('./CodeEditor.js'))

/** The code editor, with its packages loaded when it is first shown. Fills its parent, which gives the height. */
export function LazyCodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton h="100%" mih={120} radius={0} aria-label="The editor is loading" />}>
      <CodeEditor {...props} />
    </Suspense>
  )
}
