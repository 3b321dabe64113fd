import type { Lab, WireFile } from '@cooperage/contracts'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconFilePlus, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import {
  BinaryFile,
  LazyCodeEditor,
  ReadOnlyFile,
  SourceFiles,
  type SourceFile,
} from '../../ui/code-editor/index.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import type { Draft, DraftStore } from './draft-store.js'
import { nameFault, proposedName } from './file-names.js'
import { FileNameDialog, type NameRequest } from './FileNameDialog.js'
import classes from './lab.module.css'

const locked = ({ path, content, encoding }: WireFile): SourceFile => ({
  path,
  content,
  encoding,
  locked: true,
})

/** The files of the draft to edit, and the lab's other files to read. */
export function EditorPane({
  lab,
  draft,
  store,
  file,
  onFile,
}: {
  lab: Lab
  draft: Draft
  store: DraftStore
  /** Path of the shown file; another than one of them shows the first. */
  file: string | undefined
  onFile: (path: string | undefined) => void
}) {
  const fixed = lab.starter.filter((starter) => !starter.editable)
  const files: SourceFile[] = [...draft.files, ...fixed.map(locked)]
  const shown = files.find(({ path }) => path === file) ?? files[0]
  return (
    <div className={classes.editorPane}>
      <SourceFiles
        files={files}
        shown={shown?.path ?? ''}
        onShow={onFile}
        label="Files"
        actions={
          <FileActions
            lab={lab}
            store={store}
            taken={files.map(({ path }) => path)}
            current={shown && !shown.locked ? shown.path : null}
            onFile={onFile}
          />
        }
      >
        {(opened) => {
          if (opened.locked)
            return <ReadOnlyFile file={opened} note="Part of the lab; it cannot be changed." />
          if (opened.encoding === 'base64') return <BinaryFile file={opened} />
          return (
            <LazyCodeEditor
              key={`${draft.generation} ${opened.path}`}
              path={opened.path}
              initialText={opened.content}
              label={`Editor: ${opened.path}`}
              describedBy="editor-help"
              onChange={store.setText}
              memory={draft.memory}
            />
          )
        }}
      </SourceFiles>
      {!shown && (
        <p className={classes.note}>No files yet. Add one that this lab takes: {lab.files.join(', ')}.</p>
      )}
    </div>
  )
}

function FileActions({
  lab,
  store,
  taken,
  current,
  onFile,
}: {
  lab: Lab
  store: DraftStore
  taken: string[]
  /** The shown file, when it can be renamed or deleted. */
  current: string | null
  onFile: (path: string | undefined) => void
}) {
  const [request, setRequest] = useState<NameRequest | null>(null)
  const [deleting, setDeleting] = useState<string | null>(null)
  const proposed = proposedName(lab.files, taken)
  const renamable =
    current !== null &&
    (proposed !== null || !lab.files.includes(current)) &&
    nameFault(current, lab.files, []) === null

  const add = () =>
    setRequest({
      title: 'New file',
      action: 'Add',
      proposed: proposed ?? '',
      onName: (path) => {
        store.add(path)
        onFile(path)
      },
    })
  const rename = (from: string) =>
    setRequest({
      title: `Rename ${from}`,
      action: 'Rename',
      proposed: from,
      onName: (to) => {
        store.rename(from, to)
        onFile(to)
      },
    })
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label="File actions">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFilePlus size={16} aria-hidden />}
            disabled={proposed === null}
            onClick={add}
          >
            New file
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            disabled={!renamable}
            onClick={() => current && rename(current)}
          >
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            disabled={current === null}
            onClick={() => setDeleting(current)}
          >
            Delete file
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FileNameDialog request={request} globs={lab.files} taken={taken} onClose={() => setRequest(null)} />
      <ConfirmDialog
        opened={deleting !== null}
        title={`Delete ${deleting ?? ''}?`}
        confirm="Delete"
        onConfirm={() => {
          if (deleting) store.remove(deleting)
          onFile(undefined)
        }}
        onClose={() => setDeleting(null)}
      >
        The file goes from your draft; attempts that you submitted keep theirs.
      </ConfirmDialog>
    </>
  )
}
