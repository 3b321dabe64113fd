// The lab images: `shell` before anything is ready, the others behind it.

import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { recipeHash } from '@cooperage/course'
import { labImageTag } from '@cooperage/domain'
import { buildLabImage, LabImageFailed } from '@cooperage/sandbox'
import type { Progress } from '../../boot/progress.mjs'
import { canInstall, installPackages } from '../host/apt.js'
import { findProgram } from '../host/binaries.js'
import type { EngineAccess } from './engine.js'

export type LabImageFolders = {
  /** docker/labs: a folder for each recipe */
  recipes: string
  /** keeps what was made, so that a second engine on this machine need not wait for it again */
  cache: string
}

/** The names of all recipes. */
export function labImageNames(recipes: string): string[] {
  return readdirSync(recipes).filter((name) => existsSync(path.join(recipes, name, 'Dockerfile')))
}

/**
 * Makes the image unless the engine has it.
 * @returns its tag
 * @throws {LabImageFailed} when no way leads to it
 */
export async function provideLabImage(
  name: string,
  { dockerHost, isPrivate }: EngineAccess,
  folders: LabImageFolders,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  const dir = path.join(folders.recipes, name)
  const tag = labImageTag(name, await recipeHash(dir))
  const build = () =>
    progress.during(`Making the lab image ${name}`, (step) =>
      buildLabImage({
        dockerHost,
        dir,
        tag,
        cacheDir: folders.cache,
        onProgress: (line) => step.update(line.replace(`${tag}: `, '')),
        ...(signal ? { signal } : {}),
      }),
    )
  const canHaveTool = () => !findProgram('mmdebstrap') && canInstall()
  // A private engine has no network, and so no registry either.
  if (isPrivate && canHaveTool()) await installPackages(['mmdebstrap'], progress)
  try {
    await build()
  } catch (error) {
    // Only found out by trying: where a registry answers, the tool is not needed.
    if (!(error instanceof LabImageFailed) || !canHaveTool()) throw error
    await installPackages(['mmdebstrap'], progress)
    await build()
  }
  return tag
}
