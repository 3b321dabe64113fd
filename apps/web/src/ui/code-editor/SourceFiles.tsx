import type { WireFile } from '@cooperage/contracts'
import { Tabs, Text } from '@mantine/core'
import { IconBinary, IconFile, IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { decodedBytes } from './decoded-bytes.js'
import { LazyCodeEditor } from './LazyCodeEditor.js'
import classes from './SourceFiles.module.css'

export interface SourceFile extends WireFile {
  /** Marked with a lock among files that can be changed. */
  locked?: boolean
}

/** Several files of which one is shown: a tab for each, and what `children` makes of the shown one (by default, its text to read). */
export function SourceFiles({
  files,
  shown,
  onShow,
  label,
  actions,
  children,
}: {
  files: readonly SourceFile[]
  /** Path; another than one of `files` shows none. */
  shown: string
  onShow: (path: string) => void
  label: string
  /** Beside the tabs. */
  actions?: ReactNode
  children?: (file: SourceFile) => ReactNode
}) {
  const file = files.find(({ path }) => path === shown)
  return (
    <Tabs
      value={shown}
      onChange={(path) => path !== null && onShow(path)}
      className={classes.files}
      variant="unstyled"
      classNames={{ list: classes.list, tab: classes.tab }}
    >
      <div className={classes.bar}>
        <Tabs.List aria-label={label}>
          {files.map(({ path, locked, encoding }) => (
            <Tabs.Tab
              key={path}
              value={path}
              leftSection={<FileIcon locked={locked ?? false} binary={encoding === 'base64'} />}
            >
              {path}
              {locked && <span className="visually-hidden"> (read only)</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {actions}
      </div>
      {file && (
        <Tabs.Panel value={file.path} className={classes.panel} tabIndex={-1}>
          {children ? children(file) : <ReadOnlyFile file={file} />}
        </Tabs.Panel>
      )}
    </Tabs>
  )
}

function FileIcon({ locked, binary }: { locked: boolean; binary: boolean }) {
  const Icon = locked ? IconLock : binary ? IconBinary : IconFile
  return <Icon size={14} stroke={1.7} aria-hidden />
}

/** A file to read: its text, or that it has none. */
export function ReadOnlyFile({ file, note }: { file: WireFile; note?: string }) {
  if (file.encoding === 'base64') return <BinaryFile file={file} />
  return (
    <div className={classes.readOnly}>
      {note && <div className={classes.note}>{note}</div>}
      <div className={classes.editor}>
        <LazyCodeEditor
          key={`${file.path}\n${file.content}`}
          path={file.path}
          initialText={file.content}
          label={`${file.path}, read only`}
          readOnly
        />
      </div>
    </div>
  )
}

export function BinaryFile({ file }: { file: WireFile }) {
  return (
    <Text className={classes.binary} c="dimmed">
      Binary file, {decodedBytes(file).toLocaleString('en')} bytes. It is kept as it is, and cannot be edited
      here.
    </Text>
  )
}
