import { labImageTag } from '@cooperage/domain'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFiles, readFolder } from './folder.js'

interface LabImage {
  /** Reference on the lab hosts. */
  tag: string
  /** What a change of the image changes: the hash of its recipe, or the reference itself when the image is the author's own. */
  recipe: string
}
export interface LabImages {
  resolve(name: string): Promise<LabImage>
}

/** @param folder docker/labs: one folder a recipe. A name without a recipe is an image that an author put on the lab hosts. */
export function labImages(folder: string): LabImages {
  const known = new Map<string, Promise<LabImage>>()
  const resolve = async (name: string): Promise<LabImage> => {
    const names = await readdir(folder)
    if (!names.includes(name)) return { tag: name, recipe: name }
    const recipe = await recipeHash(join(folder, name))
    return { tag: labImageTag(name, recipe), recipe }
  }
  return {
    resolve: (name) => {
      const found = known.get(name) ?? resolve(name)
      known.set(name, found)
      return found
    },
  }
}

/** sha256 over the files of an image's recipe. */
export async function recipeHash(folder: string): Promise<string> {
  const { files } = await readFolder(folder)
  return hashFiles(files)
}
