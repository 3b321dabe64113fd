import type { WireFile } from '@cooperage/contracts'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { submissionFilesQuery } from '../../api/index.js'
import { Loaded, PageSkeleton } from '../../ui/index.js'
import { SourceFiles } from '../../ui/code-editor/index.js'
import classes from './verdict.module.css'

/** The files of an attempt as they were sent, to read. */
export function SubmittedFiles({
  submission,
  shown,
  onShow,
  children,
}: {
  submission: string
  /** Path; when none of the files has it, the first is shown. */
  shown: string | undefined
  onShow: (path: string) => void
  /** What can be done with them. */
  children?: (files: readonly WireFile[]) => ReactNode
}) {
  const query = useQuery(submissionFilesQuery(submission))
  return (
    <Loaded query={query} skeleton={<PageSkeleton heading={false} rows={4} label="The files are loading" />}>
      {({ files }) => {
        const path = files.find((file) => file.path === shown)?.path ?? files[0]?.path
        return (
          <>
            {path === undefined ? (
              <p className={classes.note}>This attempt has no files.</p>
            ) : (
              <div className={classes.files}>
                <SourceFiles files={files} shown={path} onShow={onShow} label="Submitted files" />
              </div>
            )}
            {children?.(files)}
          </>
        )
      }}
    </Loaded>
  )
}
