/** Images whose recipe is in docker/labs are tagged by the hash of the recipe, so that a changed recipe is a new image. */
export const labImageTag = (name: string, recipeHash: string): string =>
  `cooperage/lab-${name}:${recipeHash.slice(0, 12)}`
