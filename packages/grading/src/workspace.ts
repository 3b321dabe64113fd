/** Files on their way into a container. Pure. */
import type { LabBundle } from '@cooperage/contracts'
import { workspaceOf, type SubmittedFile } from '@cooperage/domain'
import type { ContainerFile } from '@cooperage/sandbox'

type BundleFile = LabBundle['starter'][number]

export const decodeFiles = (files: readonly BundleFile[]): SubmittedFile[] =>
  files.map((file) => ({ path: file.path, content: Buffer.from(file.base64, 'base64') }))

/** What the learner's container begins with. */
export const submittedWorkspace = (bundle: LabBundle, submitted: readonly BundleFile[]): SubmittedFile[] =>
  workspaceOf(decodeFiles(bundle.starter), decodeFiles(submitted), bundle.spec.files)

/**
 * A submission carries no permission bits, yet `./greet` must run: what says how it is run (a shebang, an ELF header) is
 * executable.
 */
export const placed = (folder: string, file: SubmittedFile): ContainerFile => ({
  path: `${folder}/${file.path}`,
  content: file.content,
  mode: isProgram(file.content) ? 0o755 : 0o644,
})

function isProgram(content: Uint8Array): boolean {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 4)).toString('latin1')
  return head.startsWith('#!') || head === '\x7fELF'
}
